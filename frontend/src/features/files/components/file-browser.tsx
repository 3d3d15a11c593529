import { useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { readmeOf } from "@/lib/readme";
import { patiently } from "@/lib/patiently";
import { type FileFilter, isFiltered, isSearch } from "../api/list-files";
import { BrowserActionsContext } from "@/components/listing/browser-actions";
import type { Dialog } from "../dialog";
import { folderEntry } from "@/components/listing/entries";
import type { Entry, FileEntry } from "../entries";
import { useActions } from "../use-actions";
import { useBrowserKeys } from "@/components/listing/use-browser-keys";
import { useColumns } from "@/components/listing/use-columns";
import { useDoors } from "../use-doors";
import { useEntries } from "../use-entries";
import { useSelection } from "@/components/listing/use-selection";
import { parentOf } from "@/lib/paths";
import { BrowserContent } from "./browser-content";
import type { ShareDialog } from "./browser-dialogs";
import { EntryMenu, type OpenMenu } from "./entry-menu";
import { Toolbar, type View } from "@/components/listing/toolbar";

const BrowserDialogs = lazy(patiently(() => import("./browser-dialogs")));
const BulkBar = lazy(patiently(() => import("./bulk-bar")));
const FolderReadme = lazy(patiently(() => import("@/components/preview/folder-readme")));
const PreviewDrawer = lazy(patiently(() => import("./preview-drawer")));

/** The part of the address that the browser can change. */
export interface Shown {
  filter: FileFilter;
  view: View;
  open: string | null;
}

interface Props extends Shown {
  folder: string;
  dialog: Dialog | null;
  onDialog: (dialog: Dialog | null) => void;
  onShow: (change: Partial<Shown>) => void;
  onFolder: (folder: string) => void;
  /** The action offered in an empty folder. */
  emptyAction: ReactNode;
  shareDialog: ShareDialog;
}

/** The files and folders of one folder, or of a search, and all actions on them. */
export function FileBrowser(props: Props) {
  const { folder, filter, view, open, dialog, onDialog, onShow, onFolder, emptyAction, shareDialog } = props;
  const root = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const list = useEntries(folder, filter);
  const selection = useSelection(list.entries);
  const { ref: sizeRef, columns } = useColumns();
  const { selected } = selection;

  const enter = (entry: Entry) => {
    if (entry.type === "folder") onFolder(entry.path);
    else void navigate({ to: "/file/$id", params: { id: entry.file.id } });
  };
  const preview = (entry: Entry) => (entry.type === "folder" ? onFolder(entry.path) : onShow({ open: entry.file.id }));
  const actions = useActions({ selection, enter, preview, openMenu: setMenu });

  const about = (focused: Entry | undefined) => (selected.length > 0 ? selected : focused ? [focused] : []);
  useBrowserKeys({
    root,
    entries: list.entries,
    selection,
    selectable: true,
    columns: view === "grid" ? columns : 1,
    asleep: dialog !== null || menu !== null || open !== null,
    onKey: {
      Enter: (focused) => focused && enter(focused),
      " ": (focused) => focused?.type === "file" && preview(focused),
      F2: (focused) => focused && onDialog({ name: "rename", entry: focused }),
      Delete: (focused) => about(focused).length > 0 && onDialog({ name: "delete", entries: about(focused) }),
      Backspace: () => folder && onFolder(parentOf(folder)),
      "?": () => onDialog({ name: "keys" }),
    },
  });

  const doors = useDoors();
  const files = list.entries.filter((entry): entry is FileEntry => entry.type === "file");
  const readme = isFiltered(filter) ? undefined : readmeOf(files.map((entry) => entry.file));
  const focusBack = () => {
    const key = selection.focus.key;
    requestAnimationFrame(() => {
      if (key) root.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
    });
  };
  return (
    <BrowserActionsContext value={actions}>
      <div ref={root}>
        <div ref={sizeRef} />
        {selected.length > 0 ? (
          <Suspense fallback={<div style={{ height: 52 }} />}>
            <BulkBar
              selected={selected}
              onSelectAll={
                list.hasMore && selected.length === list.entries.length
                  ? () => void list.loadAll().then((all) => selection.all(all.map((entry) => entry.key)))
                  : null
              }
              onClear={selection.clear}
              onDialog={onDialog}
            />
          </Suspense>
        ) : (
          <Toolbar
            kind={filter.kind}
            sort={filter.sort}
            view={view}
            note={isSearch(filter) ? `Results for “${filter.q}” in all folders` : null}
            onKind={(kind) => onShow({ filter: { ...filter, kind } })}
            onSort={(sort) => onShow({ filter: { ...filter, sort } })}
            onView={(chosen) => onShow({ view: chosen })}
            onKeys={() => onDialog({ name: "keys" })}
          />
        )}
        <BrowserContent
          list={list}
          selection={selection}
          folder={folder}
          filter={filter}
          full={isSearch(filter)}
          columns={view === "grid" ? columns : null}
          onFilter={(change) => onShow({ filter: { ...filter, ...change } })}
          emptyAction={emptyAction}
        />
        <Suspense>{readme && <FolderReadme file={readme} doors={doors} />}</Suspense>
        {list.error !== null && list.entries.length > 0 && (
          <ErrorView title="Could not load the rest of the list" error={list.error} onRetry={list.retry} />
        )}
        <EntryMenu menu={menu} onClose={() => setMenu(null)} onEnter={enter} onPreview={preview} onDialog={onDialog} />
      </div>
      <Suspense>
        {open !== null && (
          <PreviewDrawer
            id={open}
            files={files}
            covered={dialog !== null}
            onOpen={(id) => onShow({ open: id })}
            onDialog={onDialog}
            onClose={() => {
              onShow({ open: null });
              focusBack();
            }}
          />
        )}
        {dialog && (
          <BrowserDialogs
            dialog={dialog}
            onClose={() => {
              onDialog(null);
              focusBack();
            }}
            onCreated={(path) => selection.moveTo(folderEntry({ path } as never).key, false)}
            onMoved={selection.clear}
            shareDialog={shareDialog}
            onDeleted={(gone) => {
              if (gone.some((entry) => entry.type === "file" && entry.file.id === open)) onShow({ open: null });
            }}
          />
        )}
      </Suspense>
    </BrowserActionsContext>
  );
}
