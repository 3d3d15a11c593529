import { Code, Text } from "@mantine/core";
import type { Environment } from "../api/list-variables";

/** Which files are read, in the order in which later ones win, and which of them are there. */
export function FileNote({ files }: { files: Environment["files"] }) {
  return (
    <Text c="dimmed" style={{ overflowWrap: "anywhere" }}>
      Read in this order, later ones win:{" "}
      {files.map((file) => (
        <span key={file.name}>
          <Code>{file.name}</Code>
          {file.exists ? ", " : " (not there), "}
        </span>
      ))}
      the environment of the process, the command line. Edit the files, then reload.
    </Text>
  );
}
