import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { splitDisplayName } from "@/lib/format";
import type { Person } from "../api/list-shares";
import { searchUsersQuery } from "../api/search-users";
import classes from "./person-field.module.css";

const PAUSE_MS = 200;

interface Props {
  label: string;
  placeholder?: string;
  value: string;
  onChange: (username: string) => void;
}

/** The user name of somebody else, found by a part of it or of the display name. */
export function PersonField({ label, placeholder = "Name of a user", value, onChange }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed] = useDebouncedValue(value.trim(), PAUSE_MS);
  const { data: people = [] } = useQuery(searchUsersQuery(typed));
  const offered = value.trim() === "" || value === chosen ? [] : people;
  const choose = ({ username }: Person) => {
    setChosen(username);
    onChange(username);
  };
  return (
    <div>
      <TextInput
        label={label}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {offered.length > 0 && (
        <ul className={classes.people} aria-label="Found people">
          {offered.map((person) => (
            <li key={person.username}>
              <button type="button" className={classes.person} onClick={() => choose(person)}>
                <span>{splitDisplayName(person.display_name)[0]}</span>
                <span className={classes.username}>{person.username}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
