import { Button, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type Column, DataTable } from "@/components/ui/data-table";
import { FileSize } from "@/components/ui/file-size";
import { StateBadge } from "@/components/ui/state-badge";
import { formatBytes, formatCount } from "@/lib/format";
import type { Location } from "../api/list-locations";
import { storageTypeLabel } from "../candidate";
import { canMoveAway, canRetire, reachability } from "../locations";
import { capitalised, locationTone } from "../status";

interface Props {
  locations: readonly Location[];
  movePath: string;
  onRetire: (location: Location) => void;
}

const COLUMNS: readonly Column<Location>[] = [
  { header: "Name", cell: (location) => <Name location={location} /> },
  { header: "Type", width: 136, cell: ({ kind }) => (kind === "spool" ? "Spool" : storageTypeLabel(kind)) },
  {
    header: "State",
    width: 128,
    cell: ({ state }) => <StateBadge tone={locationTone(state)}>{capitalised(state)}</StateBadge>,
  },
  { header: "Objects", width: 88, numeric: true, cell: ({ objects }) => formatCount(objects) },
  { header: "Size", width: 88, numeric: true, cell: ({ bytes }) => <FileSize bytes={bytes} /> },
  { header: "Old copies", width: 128, numeric: true, cell: copiesText },
];

export function LocationTable({ locations, movePath, onRetire }: Props) {
  const actions: Column<Location> = {
    header: "Actions",
    width: 128,
    numeric: true,
    cell: (location) => <Action location={location} movePath={movePath} onRetire={onRetire} />,
  };
  return (
    <DataTable
      label="Locations"
      columns={[...COLUMNS, actions]}
      rows={locations}
      rowKey={({ id }) => id}
      isMuted={({ state }) => state === "retired"}
    />
  );
}

/** The label, and below it why it cannot be read. */
function Name({ location }: { location: Location }) {
  const { label, problem } = location;
  return (
    <div>
      {label}
      <Text size="xs" c={problem === null ? "dimmed" : "var(--mantine-color-error)"}>
        {problem === null ? reachability(location) : `${reachability(location)}: ${problem}`}
      </Text>
    </div>
  );
}

/** Bytes that files left behind when they moved, until they are deleted. */
function copiesText({ copies, copy_bytes }: Location): string {
  return copies === 0 ? "None" : `${formatCount(copies)}, ${formatBytes(copy_bytes)}`;
}

function Action({ location, movePath, onRetire }: { location: Location } & Omit<Props, "locations">) {
  if (canMoveAway(location)) {
    return (
      <Button
        size="xs"
        variant="default"
        aria-label={`Move files from ${location.label}`}
        renderRoot={(props) => <Link to={movePath} search={{ source: location.id }} {...props} />}
      >
        Move files
      </Button>
    );
  }
  if (!canRetire(location)) return null;
  return (
    <Button size="xs" variant="default" aria-label={`Retire ${location.label}`} onClick={() => onRetire(location)}>
      Retire
    </Button>
  );
}
