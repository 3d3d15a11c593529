import { type MouseEvent, useEffect, useMemo, useRef } from "react";
import type { BrowserActions } from "@/components/listing/browser-actions";
import type { Entry, ListedFile } from "@/components/listing/entries";

interface Sources {
  addressOf: (entry: Entry) => string;
  downloadUrl: (file: ListedFile) => string;
  open: (entry: Entry) => void;
  onDownload: (() => void) | undefined;
}

/** Where nothing can be selected, a click anywhere on a row opens it. Changes only with the addresses. */
export function useLookActions(sources: Sources): BrowserActions {
  const { addressOf, downloadUrl } = sources;
  const current = useRef(sources);
  useEffect(() => {
    current.current = sources;
  });
  return useMemo(() => {
    const open = (entry: Entry) => current.current.open(entry);
    return {
      addressOf,
      downloadUrl,
      pick: (entry: Entry, { shiftKey, ctrlKey, metaKey }: MouseEvent) => {
        if (!shiftKey && !ctrlKey && !metaKey) open(entry);
      },
      // the first of the two clicks has opened it
      enter: () => undefined,
      preview: open,
      downloaded: () => current.current.onDownload?.(),
    };
  }, [addressOf, downloadUrl]);
}
