import { Skeleton } from "@mantine/core";
import { useEffect, useState } from "react";
import classes from "./pdf-view.module.css";

interface Props {
  address: string;
  name: string;
  /** The document could not be fetched. */
  onBroken: () => void;
}

/** A document in the browser's own viewer. The media type is fixed, so that nothing but a PDF can be opened. */
export default function PdfView({ address, name, onBroken }: Props) {
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    let made: string | null = null;
    void fetched(address, stop.signal).then(
      (content) => {
        if (stop.signal.aborted) return;
        made = URL.createObjectURL(new Blob([content], { type: "application/pdf" }));
        setShown(made);
      },
      () => stop.signal.aborted || onBroken(),
    );
    return () => {
      stop.abort();
      if (made) URL.revokeObjectURL(made);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new callback is not a new document
  }, [address]);
  if (shown === null) return <Skeleton height="60vh" role="status" aria-label="Loading the document" />;
  return <iframe className={classes.document} src={shown} title={name} />;
}

async function fetched(address: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.arrayBuffer();
}
