import { Group, Text } from "@mantine/core";

export function Brand({ size = 24 }: { size?: number }) {
  return (
    <Group gap={10} wrap="nowrap">
      <img src="/favicon.svg" width={size} height={size} alt="" />
      <Text component="span" fw={650} fz={size > 28 ? 22 : 16} lh={1} style={{ letterSpacing: "-0.01em" }}>
        aishare
      </Text>
    </Group>
  );
}
