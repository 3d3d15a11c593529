import { Text } from "@mantine/core";
import { Upload } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { type Collected, fromDrop } from "../collect";
import classes from "./drop-zone.module.css";

interface Props {
  /** Where they go, in words; "" for where everything goes. */
  place: string;
  onFiles: (collected: Collected) => void;
}

/** The whole window takes files and folders; while something hovers over it, it says so. */
export function DropZone({ place, onFiles }: Props) {
  const over = useWindowDrop(onFiles);
  if (!over) return null;
  return (
    <div className={classes.overlay} aria-hidden>
      <div className={classes.frame}>
        <Upload size={32} strokeWidth={1.75} />
        <Text fw={600} size="lg">
          Drop to upload
        </Text>
        {place && <Text>into {place}</Text>}
        <Text>Folders keep their structure</Text>
      </div>
    </div>
  );
}

function useWindowDrop(onFiles: Props["onFiles"]): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    const stop = new AbortController();
    const listen = (name: "dragenter" | "dragover" | "dragleave" | "drop", handler: (event: DragEvent) => void) =>
      window.addEventListener(name, handler, { signal: stop.signal });
    const enter = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      // without it the browser opens the file in place of the page
      event.preventDefault();
      setOver(true);
    };
    listen("dragenter", enter);
    listen("dragover", enter);
    // related target is empty only when the pointer leaves the window, not when it crosses an element
    listen("dragleave", (event) => event.relatedTarget === null && setOver(false));
    listen("drop", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(false);
      void fromDrop(event.dataTransfer.items).then((collected) => take(collected));
    });
    return () => stop.abort();
  }, []);
  return over;
}
