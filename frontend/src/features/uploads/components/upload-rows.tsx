import { Button } from "@mantine/core";
import { useState } from "react";
import type { UploadQueue } from "../queue";
import type { Upload } from "../upload";
import { UploadRow } from "./upload-row";
import classes from "./upload-panel.module.css";

/** Rows drawn at first: a folder of ten thousand files must not make ten thousand rows at each progress event. */
const FIRST_ROWS = 100;
/** What is under way and what went wrong stands before what waits and what is done. */
const RANK: Record<Upload["state"], number> = {
  asking: 0,
  failed: 0,
  sending: 1,
  storing: 1,
  checking: 2,
  waiting: 2,
  cancelled: 3,
  skipped: 3,
  done: 4,
};

export function UploadRows({ uploads, queue }: { uploads: readonly Upload[]; queue: UploadQueue }) {
  const [limit, setLimit] = useState(FIRST_ROWS);
  const shown = uploads.length > limit ? foremost(uploads, limit) : uploads;
  const hidden = uploads.length - shown.length;
  return (
    <ul className={classes.list} aria-label="Files being uploaded" tabIndex={0}>
      {shown.map((upload) => (
        <UploadRow key={upload.id} upload={upload} queue={queue} />
      ))}
      {hidden > 0 && (
        <li className={classes.more}>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setLimit(limit + FIRST_ROWS)}>
            {hidden} more
          </Button>
        </li>
      )}
    </ul>
  );
}

function foremost(uploads: readonly Upload[], count: number): readonly Upload[] {
  return [...uploads].sort((a, b) => RANK[a.state] - RANK[b.state]).slice(0, count);
}
