import { Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorView } from "@/components/ui/error-view";
import { formatBytes } from "@/lib/format";
import type { File } from "../api/list-files";
import { READ_BYTES, textQuery } from "../api/read-text";
import { parseTable, prettyJson } from "../preview";
import classes from "./file-preview.module.css";

const ROWS = 200;
const COLUMNS = 50;

export function TextPreview({ file, kind }: { file: File; kind: "text" | "json" | "table" }) {
  const query = useQuery(textQuery(file));
  if (query.isPending) return <TextSkeleton />;
  if (query.isError) {
    return <ErrorView title="The preview could not be read" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { text, cut } = query.data;
  if (text === "") return <Text c="dimmed">This file is empty.</Text>;
  const rows =
    kind === "table" ? parseTable(text, file.media_type === "text/csv" ? "," : "\t", { cut, limit: ROWS + 1 }) : [];
  if (rows.length > 0) return <Rows rows={rows} name={file.name} cut={cut || rows.length > ROWS} />;
  return (
    <Stack gap={6}>
      <pre className={classes.text} tabIndex={0} aria-label={`Text of ${file.name}`}>
        {kind === "json" && !cut ? prettyJson(text) : text}
      </pre>
      {cut && (
        <Text size="xs" c="dimmed">
          The first {formatBytes(READ_BYTES)} of {formatBytes(file.size)}.
        </Text>
      )}
    </Stack>
  );
}

function Rows({ rows, name, cut }: { rows: readonly string[][]; name: string; cut: boolean }) {
  const [head = [], ...body] = rows;
  const columns = Math.min(head.length, COLUMNS);
  return (
    <Stack gap={6}>
      <div className={classes.table} tabIndex={0} role="region" aria-label={`Rows of ${name}`}>
        <table>
          <thead>
            <tr>
              {head.slice(0, columns).map((title, column) => (
                <th key={column} scope="col" title={title}>
                  {title || `Column ${column + 1}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {body.map((row, index) => (
              <tr key={index}>
                {Array.from({ length: columns }, (_, column) => (
                  <td key={column} title={row[column]}>
                    {row[column]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Text size="xs" c="dimmed">
        {cut ? `The first ${body.length} rows` : `${body.length} ${body.length === 1 ? "row" : "rows"}`},{" "}
        {head.length > COLUMNS ? `${COLUMNS} of ${head.length}` : head.length}{" "}
        {head.length === 1 ? "column" : "columns"}.
      </Text>
    </Stack>
  );
}

function TextSkeleton() {
  return (
    <Stack gap={10} p="md" role="status" aria-label="The preview is loading">
      {[80, 64, 72, 40, 58].map((width) => (
        <Skeleton key={width} height={12} width={`${width}%`} />
      ))}
    </Stack>
  );
}
