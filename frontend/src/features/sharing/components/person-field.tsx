import { Autocomplete, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { splitDisplayName } from "@/lib/format";
import { searchUsersQuery } from "../api/search-users";

const PAUSE_MS = 200;

interface Props {
  label: string;
  description?: string;
  placeholder?: string;
  value: string;
  onChange: (username: string) => void;
}

/** The user name of somebody else, found by a part of it or of the display name. */
export function PersonField({ label, description, placeholder = "User name", value, onChange }: Props) {
  const [typed] = useDebouncedValue(value.trim(), PAUSE_MS);
  const { data: people = [] } = useQuery(searchUsersQuery(typed));
  const names = new Map(people.map((person) => [person.username, splitDisplayName(person.display_name)[0]]));
  return (
    <Autocomplete
      label={label}
      description={description || undefined}
      placeholder={placeholder}
      data={people.map(({ username }) => username)}
      // the service has searched already, in the display names too
      filter={({ options }) => options}
      value={value}
      onChange={onChange}
      autoComplete="off"
      spellCheck={false}
      comboboxProps={{ withinPortal: false, shadow: "md", position: "bottom-start", middlewares: { flip: true } }}
      renderOption={({ option }) => (
        <div>
          <Text component="div" lh={1.3}>
            {names.get(option.value) ?? option.value}
          </Text>
          <Text component="div" size="xs" c="dimmed" lh={1.3}>
            {option.value}
          </Text>
        </div>
      )}
    />
  );
}
