import type { File } from "./api/list-files";

/** Code to copy that uses a file on another machine. */
export interface Snippet {
  name: string;
  language: "shell" | "python";
  code: string;
  /** What has to be installed first. */
  needs?: string;
}

type Used = Pick<File, "name" | "sha256" | "media_type">;

const TOKEN = "AISHARE_TOKEN";

/** `url` is the absolute address of the content. The token comes from an environment variable. */
export function snippetsFor(file: Used, url: string): Snippet[] {
  return [aishare(url), curl(file, url), wget(file, url), python(file, url), ...tables(file, url)];
}

function aishare(url: string): Snippet {
  return { name: "aishare", language: "shell", code: `aishare download ${shellText(url)}` };
}

function curl(file: Used, url: string): Snippet {
  const name = shellText(fileName(file));
  const code = [
    `curl -fL -C - -H "Authorization: Bearer $${TOKEN}" \\`,
    `  -o ${name} \\`,
    `  ${shellText(url)}`,
    verify(file),
  ].join("\n");
  return { name: "curl", language: "shell", code };
}

function wget(file: Used, url: string): Snippet {
  const code = [
    // wget would send the token to the storage, which refuses it
    `wget -c --header="Authorization: Bearer $${TOKEN}" --header="Prefer: no-redirect" \\`,
    `  -O ${shellText(fileName(file))} \\`,
    `  ${shellText(url)}`,
    verify(file),
  ].join("\n");
  return { name: "wget", language: "shell", code };
}

/** Reads standard input, because sha256sum escapes some characters in file names. */
function verify(file: Used): string {
  return `test "$(sha256sum < ${shellText(fileName(file))})" = "${file.sha256}  -" && echo "SHA-256 OK"`;
}

function python(file: Used, url: string): Snippet {
  const code = [
    "import os",
    "import shutil",
    "import urllib.request",
    "",
    `request = urllib.request.Request(${pythonText(url)})`,
    ...AUTHORISED,
    `with urllib.request.urlopen(request) as answer, open(${pythonText(file.name)}, "wb") as file:`,
    "    shutil.copyfileobj(answer, file)",
  ].join("\n");
  return { name: "Python", language: "python", code };
}

const BEARER = `f"Bearer {os.environ['${TOKEN}']}"`;
// not sent along on redirects to the storage, which refuses it
const AUTHORISED = [`request.add_unredirected_header("Authorization", ${BEARER})`];

/** The names of a format's reader in the three libraries, and its options. */
interface Reader {
  pandas: string;
  polars: string;
  duckdb: string;
  pandasOptions?: string;
  polarsOptions?: string;
}

const READERS: Record<string, Reader> = {
  "text/csv": { pandas: "read_csv", polars: "read_csv", duckdb: "read_csv" },
  "text/tab-separated-values": {
    pandas: "read_csv",
    polars: "read_csv",
    duckdb: "read_csv",
    pandasOptions: ', sep="\\t"',
    polarsOptions: ', separator="\\t"',
  },
  "application/jsonl": {
    pandas: "read_json",
    polars: "read_ndjson",
    duckdb: "read_json",
    pandasOptions: ", lines=True",
  },
  "application/vnd.apache.parquet": { pandas: "read_parquet", polars: "read_parquet", duckdb: "read_parquet" },
};

function tables(file: Used, url: string): Snippet[] {
  const reader = READERS[file.media_type];
  return reader ? [pandas(reader, url), polars(reader, url), duckdb(reader, url)] : [];
}

function pandas(reader: Reader, url: string): Snippet {
  const code = [
    "import os",
    "",
    "import pandas as pd",
    "",
    `headers = {"Authorization": ${BEARER}, "Prefer": "no-redirect"}`,
    `frame = pd.${reader.pandas}(`,
    `    ${pythonText(url)}${reader.pandasOptions ?? ""},`,
    "    storage_options=headers,",
    ")",
    "print(frame)",
  ].join("\n");
  const parquet = reader.pandas === "read_parquet";
  return {
    name: "pandas",
    language: "python",
    code,
    needs: parquet ? "pip install pandas pyarrow" : "pip install pandas",
  };
}

function polars(reader: Reader, url: string): Snippet {
  const code = [
    "import io",
    "import os",
    "import urllib.request",
    "",
    "import polars as pl",
    "",
    `request = urllib.request.Request(${pythonText(url)})`,
    ...AUTHORISED,
    "with urllib.request.urlopen(request) as answer:",
    `    frame = pl.${reader.polars}(io.BytesIO(answer.read())${reader.polarsOptions ?? ""})`,
    "print(frame)",
  ].join("\n");
  return { name: "polars", language: "python", code, needs: "pip install polars" };
}

function duckdb(reader: Reader, url: string): Snippet {
  const code = [
    "import os",
    "",
    "import duckdb",
    "",
    'duckdb.sql("INSTALL httpfs; LOAD httpfs")',
    `token = os.environ["${TOKEN}"]`,
    `duckdb.sql(f"CREATE OR REPLACE SECRET aishare (TYPE http, BEARER_TOKEN '{token}', SCOPE '${new URL(url).origin}/')")`,
    `print(duckdb.sql("SELECT * FROM ${reader.duckdb}('${url}')"))`,
  ].join("\n");
  return { name: "DuckDB", language: "python", code, needs: "pip install duckdb" };
}

/** A name that cannot be mistaken for an option. */
function fileName({ name }: Used): string {
  return name.startsWith("-") ? `./${name}` : name;
}

/** One word of a POSIX shell, whatever is in it. */
export function shellText(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A string literal of Python: JSON's escapes are among its own. */
export function pythonText(text: string): string {
  return JSON.stringify(text);
}
