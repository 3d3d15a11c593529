import { Radio, Stack } from "@mantine/core";
import { formatBytes, formatQuantity } from "@/lib/format";

export interface Source {
  id: string;
  label: string;
  objects: number;
  bytes: number;
  reachable: boolean;
}

interface Props {
  sources: readonly Source[];
  value: string | null;
  onChange: (id: string) => void;
}

export function SourceChoice({ sources, value, onChange }: Props) {
  return (
    <Radio.Group aria-label="Storage location to move files from" value={value} onChange={onChange}>
      <Stack gap="sm">
        {sources.map((source) => (
          <Radio
            key={source.id}
            value={source.id}
            label={source.label}
            description={describe(source)}
            disabled={!source.reachable}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function describe({ objects, bytes, reachable }: Source): string {
  const content = `${formatQuantity(objects, "file")}, ${formatBytes(bytes)}`;
  return reachable ? content : `${content}. Cannot be reached at the moment.`;
}
