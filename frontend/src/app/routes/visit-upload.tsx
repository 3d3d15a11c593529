import { Button, Stack, Text, VisuallyHidden } from "@mantine/core";
import { Upload } from "lucide-react";
import { type ChangeEvent, useEffect, useRef, useState } from "react";
import { type Collected, fromInput } from "@/features/uploads/collect";
import { DropZone } from "@/features/uploads/components/drop-zone";
import { UploadRows } from "@/features/uploads/components/upload-rows";
import { requestLink } from "@/features/uploads/destination";
import { UploadQueue } from "@/features/uploads/queue";
import { headline, summarise } from "@/features/uploads/summary";
import { isActive } from "@/features/uploads/upload";
import { useUploads } from "@/features/uploads/use-uploads";
import { requestAddress } from "@/features/visits/addresses";
import classes from "./visit.module.css";

/** Takes files for somebody who asked for them; nothing of what lies there already is shown. */
export function VisitUpload({ token }: { token: string }) {
  // apart from the uploads of who may be signed in
  const [queue] = useState(() => new UploadQueue());
  const uploads = useUploads(queue);
  const input = useRef<HTMLInputElement>(null);
  const summary = summarise(uploads);
  useWarning(uploads.some(isActive));
  const destination = requestLink(token, (path) => requestAddress(token, path));
  const add = (collected: Collected) => queue.add(collected, destination);
  const chosen = (event: ChangeEvent<HTMLInputElement>) => {
    if (event.currentTarget.files) add(fromInput(event.currentTarget.files));
    event.currentTarget.value = "";
  };
  return (
    <Stack gap="md">
      <div className={classes.drop}>
        <Upload size={28} strokeWidth={1.5} aria-hidden />
        <Text ta="center">Drop files anywhere on this page</Text>
        <Button size="md" onClick={() => input.current?.click()}>
          Choose files
        </Button>
        <input ref={input} type="file" multiple hidden onChange={chosen} aria-label="Files to send" />
      </div>
      <VisuallyHidden role="status">
        {uploads.length > 0 && summary.active === 0 ? headline(summary) : ""}
      </VisuallyHidden>
      {uploads.length > 0 && (
        <section aria-label="Files sent" className={classes.uploads}>
          <Text fw={600} className={classes.headline}>
            {headline(summary)}
          </Text>
          <UploadRows uploads={uploads} queue={queue} />
        </section>
      )}
      <DropZone place="" onFiles={add} />
    </Stack>
  );
}

/** Leaving the page ends what is under way, so the browser asks. */
function useWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [active]);
}
