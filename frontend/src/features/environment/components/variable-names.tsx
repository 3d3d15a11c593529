import { Code, Text } from "@mantine/core";

export function VariableNames({ names }: { names: readonly string[] }) {
  return (
    <Text component="span" inherit style={{ overflowWrap: "anywhere" }}>
      {names.map((name, index) => (
        <span key={name}>
          {index > 0 && ", "}
          <Code>{name}</Code>
        </span>
      ))}
    </Text>
  );
}
