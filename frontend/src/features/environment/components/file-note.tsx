import { Code, Text } from "@mantine/core";
import type { Environment } from "../api/list-variables";

/** Which files are there, in the order in which later ones win. */
export function FileNote({ files }: { files: Environment["files"] }) {
  const present = files.filter((file) => file.exists);
  if (present.length === 0) {
    return (
      <Text c="dimmed">
        There is no <Code>.env</Code> file. Values come from the process environment and the command line.
      </Text>
    );
  }
  return (
    <Text c="dimmed" style={{ overflowWrap: "anywhere" }}>
      Files are read in this order, later values win:{" "}
      {present.map((file) => (
        <span key={file.name}>
          <Code>{file.name}</Code>
          {", "}
        </span>
      ))}
      process environment, command line.
    </Text>
  );
}
