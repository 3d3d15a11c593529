import { ActionIcon, Checkbox, Group, Menu, Text } from "@mantine/core";
import { Ellipsis, Folder, Link2Off, ScrollText, Upload, File as Plain } from "lucide-react";
import { CopyButton } from "@/components/ui/copy-button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { StateBadge } from "@/components/ui/state-badge";
import { RelativeTime } from "@/components/ui/time";
import type { Link } from "../api/list-links";
import { canRevoke } from "../chosen";
import { limitsOf, stateLabel, stateTone, targetName, targetPath, usesOf } from "../state";
import classes from "./link-table.module.css";

const ICON = { size: 16, strokeWidth: 1.75 } as const;

interface Props {
  links: readonly Link[];
  chosen: ReadonlySet<string>;
  onToggle: (id: string) => void;
  onLog: (link: Link) => void;
  onRevoke: (link: Link) => void;
}

export function LinkTable({ links, chosen, onToggle, onLog, onRevoke }: Props) {
  const columns: Column<Link>[] = [
    {
      header: "Link to",
      lead: true,
      cell: (link) => <Target link={link} checked={chosen.has(link.id)} onToggle={() => onToggle(link.id)} />,
    },
    {
      header: "State",
      width: 112,
      cell: ({ state }) => <StateBadge tone={stateTone(state)}>{stateLabel(state)}</StateBadge>,
    },
    { header: "Used", width: 152, cell: (link) => <Used link={link} /> },
    { header: "Ends", width: 128, cell: (link) => <Ends link={link} /> },
    { header: "Created", width: 128, cell: (link) => <RelativeTime time={link.created_at} /> },
    {
      header: "Actions",
      width: 76,
      quiet: true,
      cell: (link) => <Actions link={link} onLog={onLog} onRevoke={onRevoke} />,
    },
  ];
  return (
    <DataTable
      label="Links"
      columns={columns}
      rows={links}
      rowKey={(link) => link.id}
      isMuted={(link) => link.state !== "live"}
    />
  );
}

function Target({ link, checked, onToggle }: { link: Link; checked: boolean; onToggle: () => void }) {
  const Icon = link.kind === "request" ? Upload : link.kind === "folder" ? Folder : Plain;
  const name = targetName(link);
  const about = [targetPath(link), ...limitsOf(link)].filter(Boolean).join(" · ");
  return (
    <div className={classes.target}>
      <Checkbox
        aria-label={`Select link to ${name}`}
        checked={checked}
        disabled={!canRevoke(link)}
        onChange={onToggle}
        className={classes.check}
      />
      <Icon size={18} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <div className={classes.lines}>
        <Text component="span" fw={500} lh={1.35}>
          {link.kind === "request" ? `File request to ${name}` : name}
        </Text>
        {about && (
          <Text component="span" size="xs" c="dimmed" lh={1.35}>
            {about}
          </Text>
        )}
        {link.note && (
          <Text component="span" size="xs" lh={1.35}>
            {link.note}
          </Text>
        )}
      </div>
    </div>
  );
}

function Used({ link }: { link: Link }) {
  return (
    <div>
      <Text component="div" lh={1.35}>
        {usesOf(link)}
      </Text>
      {link.used_at && (
        <Text component="div" size="xs" c="dimmed" lh={1.35}>
          last <RelativeTime time={link.used_at} />
        </Text>
      )}
    </div>
  );
}

function Ends({ link: { expires_at: end } }: { link: Link }) {
  return end ? <RelativeTime time={end} /> : "Never";
}

function Actions({ link, onLog, onRevoke }: { link: Link } & Pick<Props, "onLog" | "onRevoke">) {
  const name = targetName(link);
  return (
    <Group gap={0} wrap="nowrap" justify="flex-end">
      {link.state === "live" && <CopyButton label={`Copy link to ${name}`} value={link.url} />}
      <Menu position="bottom-end" shadow="md" width={176}>
        <Menu.Target>
          <ActionIcon aria-label={`Actions for link to ${name}`}>
            <Ellipsis {...ICON} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<ScrollText {...ICON} />} onClick={() => onLog(link)}>
            Log of uses
          </Menu.Item>
          {canRevoke(link) && (
            <Menu.Item leftSection={<Link2Off {...ICON} />} onClick={() => onRevoke(link)}>
              Revoke
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
