import { CloseButton, Group, Switch, TextInput } from "@mantine/core";
import { Search } from "lucide-react";
import type { VariableFilter } from "../filter";

interface Props {
  filter: VariableFilter;
  onChange: (filter: VariableFilter) => void;
}

export function VariableFilterBar({ filter, onChange }: Props) {
  return (
    <Group gap="md">
      <TextInput
        flex="1 1 200px"
        maw={360}
        type="search"
        aria-label="Filter variables"
        placeholder="Filter variables"
        leftSection={<Search size={16} strokeWidth={1.75} />}
        rightSection={
          filter.q && <CloseButton size="sm" aria-label="Clear filter" onClick={() => onChange({ ...filter, q: "" })} />
        }
        value={filter.q}
        onChange={(event) => onChange({ ...filter, q: event.currentTarget.value })}
      />
      <Switch
        label="Only set variables"
        checked={filter.onlySet}
        onChange={(event) => onChange({ ...filter, onlySet: event.currentTarget.checked })}
      />
    </Group>
  );
}
