import { ActionIcon, Button, Menu, Text, Tooltip } from "@mantine/core";
import { ArrowDownUp, ChevronDown, Filter, Keyboard, LayoutGrid, List, X } from "lucide-react";
import { KIND_NAMES, type KindName, kindOf } from "./kinds";
import type { Sort } from "./sort";
import classes from "./toolbar.module.css";

const ICON = { size: 16, strokeWidth: 1.75 } as const;

const SORTS: readonly (readonly [Sort, string])[] = [
  ["-modified_at", "Newest first"],
  ["modified_at", "Oldest first"],
  ["path", "Name, A to Z"],
  ["-path", "Name, Z to A"],
  ["-size", "Largest first"],
  ["size", "Smallest first"],
];

export type View = "list" | "grid";

interface Props {
  kind?: KindName | null;
  sort: Sort;
  view: View;
  /** What is shown in place of one folder. */
  note: string | null;
  /** None where types cannot be chosen. */
  onKind?: (kind: KindName | null) => void;
  onSort: (sort: Sort) => void;
  onView: (view: View) => void;
  onKeys?: () => void;
}

export function Toolbar({ kind = null, sort, view, note, onKind, onSort, onView, onKeys }: Props) {
  return (
    <div role="toolbar" aria-label="View" className={classes.bar}>
      {onKind && <KindMenu kind={kind} onKind={onKind} />}
      {note && (
        <Text c="dimmed" truncate>
          {note}
        </Text>
      )}
      <div className={classes.space} />
      <SortMenu sort={sort} onSort={onSort} list={view === "list"} />
      {onKeys && (
        <Tooltip label="Keyboard shortcuts">
          <ActionIcon size={36} aria-label="Keyboard shortcuts" onClick={onKeys} visibleFrom="sm">
            <Keyboard size={18} strokeWidth={1.75} />
          </ActionIcon>
        </Tooltip>
      )}
      <ActionIcon.Group>
        <ViewButton chosen={view === "list"} label="List" icon={List} onClick={() => onView("list")} />
        <ViewButton chosen={view === "grid"} label="Grid" icon={LayoutGrid} onClick={() => onView("grid")} />
      </ActionIcon.Group>
    </div>
  );
}

interface ViewButtonProps {
  chosen: boolean;
  label: string;
  icon: typeof List;
  onClick: () => void;
}

function ViewButton({ chosen, label, icon: Icon, onClick }: ViewButtonProps) {
  return (
    <ActionIcon
      size={36}
      variant="default"
      aria-label={label}
      aria-pressed={chosen}
      className={classes.view}
      onClick={onClick}
    >
      <Icon size={18} strokeWidth={1.75} />
    </ActionIcon>
  );
}

function KindMenu({ kind, onKind }: { kind: KindName | null; onKind: (kind: KindName | null) => void }) {
  const label = (name: KindName) => (name === "other" ? "Other" : kindOf(name, "").label);
  return (
    <Button.Group>
      <Menu position="bottom-start" shadow="md" width={180}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<Filter {...ICON} aria-hidden />}
            rightSection={kind ? null : <ChevronDown {...ICON} aria-hidden />}
          >
            {kind ? label(kind) : "Type"}
          </Button>
        </Menu.Target>
        <Menu.Dropdown aria-label="Type">
          {KIND_NAMES.map((name) => {
            const Icon = kindOf(name, "").icon;
            return (
              <Menu.Item key={name} leftSection={<Icon {...ICON} />} onClick={() => onKind(name)}>
                {label(name)}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      {kind && (
        <Button variant="default" px={8} aria-label="Show all types" onClick={() => onKind(null)}>
          <X {...ICON} />
        </Button>
      )}
    </Button.Group>
  );
}

function SortMenu({ sort, onSort, list }: { sort: Sort; onSort: (sort: Sort) => void; list: boolean }) {
  const shown = SORTS.find(([name]) => name === sort)?.[1] ?? "Sort";
  return (
    <Menu position="bottom-end" shadow="md" width={180}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          className={classes.sort}
          data-list={list || undefined}
          leftSection={<ArrowDownUp {...ICON} aria-hidden />}
          aria-label={`Sort: ${shown}`}
        >
          <span className={classes.word}>{shown}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label="Sort">
        {SORTS.map(([name, label]) => (
          <Menu.Item key={name} onClick={() => onSort(name)} fw={name === sort ? 600 : 400}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
