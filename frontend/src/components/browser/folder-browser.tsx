import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { BrowserActionsContext } from "@/components/listing/browser-actions";
import type { Entry, ListedFile } from "@/components/listing/entries";
import type { Sort } from "@/components/listing/sort";
import { Toolbar, type View } from "@/components/listing/toolbar";
import { useBrowserKeys } from "@/components/listing/use-browser-keys";
import { useColumns } from "@/components/listing/use-columns";
import { useSelection } from "@/components/listing/use-selection";
import type { PreviewDoors } from "@/components/preview/doors";
import { ApiError } from "@/lib/http";
import { patiently } from "@/lib/patiently";
import { parentOf } from "@/lib/paths";
import { FolderContent } from "./folder-content";
import type { FolderPages } from "./use-folder-pages";
import { useLookActions } from "./use-look-actions";

const FileDrawer = lazy(patiently(() => import("@/components/preview/file-drawer")));

/** The part of the address that the browser can change. */
export interface Shown {
  sort: Sort;
  view: View;
  /** The id of the file in the drawer. */
  open: string | null;
}

export interface FolderBrowserProps<File extends ListedFile> extends Shown {
  folder: string;
  pages: FolderPages<File>;
  doors: PreviewDoors;
  /** Whether files can be looked at; otherwise a click downloads them. */
  previews: boolean;
  /** Where a row leads in a new tab. */
  addressOf: (entry: Entry) => string;
  downloadUrl: (file: ListedFile) => string;
  onDownload?: () => void;
  onShow: (change: Partial<Shown>) => void;
  onFolder: (folder: string) => void;
  empty: ReactNode;
  /** Names the page by the file in the drawer; null for the folder itself. */
  title: (file: string | null) => ReactNode;
  drawerActions: (file: File) => ReactNode;
  details: (file: File) => ReactNode;
}

/** A folder of somebody else: everything can be looked at and downloaded, nothing can be selected. */
export function FolderBrowser<File extends ListedFile>(props: FolderBrowserProps<File>) {
  const { folder, pages, sort, view, open, previews, downloadUrl, onDownload, onShow, onFolder } = props;
  const root = useRef<HTMLDivElement>(null);
  const selection = useSelection<Entry>(pages.entries);
  const { ref: sizeRef, columns } = useColumns();
  const look = (entry: Entry) => {
    selection.focusOn(entry.key);
    if (entry.type === "folder") onFolder(entry.path);
    else if (previews) onShow({ open: entry.file.id });
    else {
      window.location.assign(downloadUrl(entry.file));
      onDownload?.();
    }
  };
  const actions = useLookActions({ addressOf: props.addressOf, downloadUrl, open: look, onDownload });
  useBrowserKeys<Entry>({
    root,
    entries: pages.entries,
    selection,
    selectable: false,
    columns: view === "grid" ? columns : 1,
    asleep: open !== null,
    onKey: {
      Enter: (focused) => focused && look(focused),
      " ": (focused) => focused?.type === "file" && look(focused),
      Backspace: () => folder && onFolder(parentOf(folder)),
    },
  });
  const close = () => {
    onShow({ open: null });
    const { key } = selection.focus;
    requestAnimationFrame(() => {
      if (key) root.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
    });
  };
  const shown = previews ? pages.files.find((file) => file.id === open) : undefined;
  return (
    <BrowserActionsContext value={actions}>
      {props.title(shown?.name ?? null)}
      <div ref={root}>
        <div ref={sizeRef} />
        <Toolbar
          sort={sort}
          view={view}
          note={null}
          onSort={(chosen) => onShow({ sort: chosen })}
          onView={(chosen) => onShow({ view: chosen })}
        />
        <FolderContent
          pages={pages}
          selection={selection}
          sort={sort}
          columns={view === "grid" ? columns : null}
          empty={props.empty}
          onSort={(chosen) => onShow({ sort: chosen })}
        />
      </div>
      {open !== null && previews && <OpenFile {...props} id={open} onClose={close} />}
    </BrowserActionsContext>
  );
}

interface OpenFileProps<File extends ListedFile> extends FolderBrowserProps<File> {
  id: string;
  onClose: () => void;
}

/** The drawer. A file that the address names may be on a later page of the folder. */
function OpenFile<File extends ListedFile>(props: OpenFileProps<File>) {
  const { id, pages, doors, onShow, onClose, drawerActions, details } = props;
  const { files, hasMore, loadMore } = pages;
  const file = files.find((one) => one.id === id);
  const searching = file === undefined && hasMore;
  useEffect(() => {
    if (searching) loadMore();
  }, [searching, loadMore]);
  const missing = file === undefined && !hasMore && !pages.isPending;
  return (
    <Suspense>
      <FileDrawer
        id={id}
        file={file}
        error={pages.error ?? (missing ? NOT_HERE : null)}
        onRetry={pages.retry}
        files={files}
        doors={doors}
        covered={false}
        onOpen={(next) => onShow({ open: next })}
        onClose={onClose}
        actions={file && drawerActions(file)}
      >
        {file && details(file)}
      </FileDrawer>
    </Suspense>
  );
}

const NOT_HERE = new ApiError({
  status: 404,
  code: "not_found",
  title: "Not found",
  detail: "It was moved, renamed or deleted.",
});
