import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { ACTION_GROUPS } from "../actions";
import { isEmpty } from "../filter";
import type { AuditSearch } from "../search";

interface Props {
  search: AuditSearch;
  onChange: (search: AuditSearch) => void;
}

const CHOICES = [
  { value: "", label: "All actions" },
  ...ACTION_GROUPS.map(([group, labels]) => ({
    group,
    items: Object.entries(labels).map(([value, label]) => ({ value, label })),
  })),
];

export function AuditFilter({ search, onChange }: Props) {
  const set = (name: keyof AuditSearch) => (event: { currentTarget: { value: string } }) =>
    onChange({ ...search, [name]: event.currentTarget.value || undefined });
  return (
    <Group role="search" gap="sm" align="flex-end" aria-label="Filter">
      <NativeSelect
        label="Action"
        flex="1 1 180px"
        data={withUnknown(search.action)}
        value={search.action ?? ""}
        onChange={set("action")}
      />
      <TextInput
        label="User"
        placeholder="User name"
        flex="1 1 140px"
        autoComplete="off"
        maxLength={200}
        value={search.actor ?? ""}
        onChange={set("actor")}
      />
      <TextInput
        label="Target"
        placeholder="Name contains"
        flex="1 1 140px"
        autoComplete="off"
        maxLength={200}
        value={search.target ?? ""}
        onChange={set("target")}
      />
      <TextInput label="From" type="date" flex="1 1 130px" value={search.since ?? ""} onChange={set("since")} />
      <TextInput label="Until" type="date" flex="1 1 130px" value={search.until ?? ""} onChange={set("until")} />
      <Button variant="default" disabled={isEmpty(search)} onClick={() => onChange({})}>
        Clear
      </Button>
    </Group>
  );
}

/** An action from the address that this page does not know is offered as it is. */
function withUnknown(action: string | undefined) {
  const known = ACTION_GROUPS.some(([, labels]) => action !== undefined && action in labels);
  return action && !known ? [...CHOICES, { value: action, label: action }] : CHOICES;
}
