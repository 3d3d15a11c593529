import { CloseButton, Kbd, Loader, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

const PAUSE_MS = 250;

interface Props {
  value: string;
  busy: boolean;
  onSearch: (q: string) => void;
}

/** Updates the URL after a pause in typing, and follows it when it changes otherwise (back button, "show all"). */
export function SearchBox({ value, busy, onSearch }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const reported = useRef(value);
  useEffect(() => {
    if (value !== reported.current) setText(value);
    reported.current = value;
  }, [value]);
  const report = useDebouncedCallback((q: string) => {
    reported.current = q.trim();
    onSearch(q);
  }, PAUSE_MS);
  const change = (next: string) => {
    setText(next);
    report(next);
  };
  const focus = () => {
    // on a phone the field is hidden behind a button
    if (input.current?.offsetParent === null)
      flushSync(() => document.querySelector<HTMLElement>("[aria-label='Open search']")?.click());
    // at once: what is typed next would be replaced by a selection that comes later
    input.current?.select();
  };
  useHotkeys([
    ["mod+K", focus],
    ["/", focus],
  ]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (text) change("");
    else input.current?.blur();
  };
  return (
    <TextInput
      ref={input}
      type="search"
      aria-label="Search files"
      aria-keyshortcuts="Control+K /"
      placeholder="Search all files"
      leftSection={<Search size={16} strokeWidth={1.75} aria-hidden />}
      rightSectionWidth={text || busy ? 32 : 64}
      rightSection={
        busy ? (
          <Loader size={14} aria-hidden />
        ) : text ? (
          <CloseButton size="sm" aria-label="Clear search" onClick={() => change("")} />
        ) : (
          <Kbd size="xs" aria-hidden visibleFrom="sm">
            Ctrl K
          </Kbd>
        )
      }
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={onKey}
      flex={1}
    />
  );
}
