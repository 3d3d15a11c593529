import { Button, Group } from "@mantine/core";
import { Download } from "lucide-react";
import { type AuditQuery, exportPath } from "../filter";

/** Downloads all entries that match the filter. */
export function ExportButtons({ query }: { query: AuditQuery }) {
  const icon = <Download size={16} strokeWidth={1.75} aria-hidden />;
  return (
    <Group gap="xs">
      <Button variant="default" component="a" href={exportPath(query, "csv")} download leftSection={icon}>
        Export CSV
      </Button>
      <Button variant="default" component="a" href={exportPath(query, "jsonl")} download leftSection={icon}>
        Export JSON Lines
      </Button>
    </Group>
  );
}
