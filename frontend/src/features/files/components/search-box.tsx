import { CloseButton, Loader, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

const PAUSE_MS = 250;

interface Props {
  value: string;
  busy: boolean;
  onSearch: (q: string) => void;
}

/** Types ahead of the URL; follows it when it changes from elsewhere (back button, "show all"). */
export function SearchBox({ value, busy, onSearch }: Props) {
  const [text, setText] = useState(value);
  const reported = useRef(value);
  useEffect(() => {
    if (value !== reported.current) setText(value);
    reported.current = value;
  }, [value]);
  const report = useDebouncedCallback((q: string) => {
    reported.current = q;
    onSearch(q);
  }, PAUSE_MS);
  const change = (next: string) => {
    setText(next);
    report(next);
  };
  return (
    <TextInput
      type="search"
      aria-label="Search files"
      placeholder="Search by name or folder"
      leftSection={<Search size={16} strokeWidth={1.75} aria-hidden />}
      rightSection={
        busy ? (
          <Loader size={14} aria-hidden />
        ) : (
          text && <CloseButton size="sm" aria-label="Clear search" onClick={() => change("")} />
        )
      }
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      flex={1}
      maw={360}
    />
  );
}
