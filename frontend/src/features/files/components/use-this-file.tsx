import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { CodeView } from "@/components/preview/code-view";
import { CopyButton } from "@/components/ui/copy-button";
import type { File } from "../api/list-files";
import { contentUrl } from "../download-url";
import { snippetsFor } from "../snippets";
import classes from "./use-this-file.module.css";

/** Code to copy that downloads or reads the file on another machine. */
export function UseThisFile({ file }: { file: File }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const snippets = snippetsFor(file, new URL(contentUrl(file.id), window.location.href).href);
  const [chosen, setChosen] = useState("aishare");
  const at = Math.max(
    0,
    snippets.findIndex((snippet) => snippet.name === chosen),
  );
  const shown = snippets[at];
  if (!shown) return null;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = by && (at + by + snippets.length) % snippets.length;
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setChosen(snippets[next]?.name ?? chosen);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  return (
    <div className={classes.box}>
      <div ref={list} role="tablist" aria-label="Ways to use this file" className={classes.tabs} onKeyDown={onKeyDown}>
        {snippets.map(({ name }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={name === shown.name}
            aria-controls={`${id}-lines`}
            tabIndex={name === shown.name ? 0 : -1}
            className={classes.tab}
            onClick={() => setChosen(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-lines`} aria-labelledby={`${id}-${shown.name}`} className={classes.lines}>
        <CodeView text={shown.code} language={shown.language} label={`Code for ${shown.name}`} />
        <div className={classes.copy}>
          <CopyButton label={`Copy the code for ${shown.name}`} value={shown.code} />
        </div>
      </div>
      <Text size="xs" c="dimmed">
        {shown.needs && (
          <>
            Install first: <code>{shown.needs}</code>.{" "}
          </>
        )}
        The code reads your API token from the environment variable <code>AISHARE_TOKEN</code>. Create a token in{" "}
        <Anchor size="xs" underline="always" renderRoot={(props) => <Link to="/settings" {...props} />}>
          Settings
        </Anchor>
        .
      </Text>
    </div>
  );
}
