import { Group, Title, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { FolderPlus } from "lucide-react";
import { lazy, useState } from "react";
import { ActionButton } from "@/components/ui/action-button";
import { Crumbs } from "@/components/layout/crumbs";
import { DEFAULT_SORT } from "@/components/listing/sort";
import { fileQuery } from "@/features/files/api/get-file";
import { isSearch } from "@/features/files/api/list-files";
import { FileBrowser, type Shown } from "@/features/files/components/file-browser";
import { FolderCrumbs } from "@/features/files/components/folder-crumbs";
import type { Dialog } from "@/features/files/dialog";
import { nameOf } from "@/lib/paths";
import { type Collected, into } from "@/features/uploads/collect";
import { UploadButton } from "@/features/uploads/components/upload-button";
import { uploadQueue } from "@/features/uploads/queue";
import { shownName } from "@/lib/names";
import { remember, remembered } from "@/lib/remember";
import { patiently } from "@/lib/patiently";
import type { FilesSearch } from "../files-search";
import { useTitle } from "../title";
import { useOpenFolder } from "../use-open-folder";
import { useSearchChange } from "../use-search-change";

const route = getRouteApi("/signed-in/files");
const VIEW = "aishare-files-view";
const ShareDialog = lazy(patiently(() => import("./share-dialog")));

export function FilesPage() {
  const { q = "", sort = DEFAULT_SORT, kind = null, view, open = null } = route.useSearch();
  const folder = useOpenFolder();
  const navigate = useNavigate();
  const changeSearch = useSearchChange<FilesSearch>();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const filter = { q, sort, kind };

  /** The address holds what is not the default. Each change is a history entry, except stepping through previews. */
  const show = (change: Partial<Shown>) => {
    if (change.view) remember(VIEW, change.view);
    const search = (before: FilesSearch): FilesSearch => ({
      ...before,
      ...(change.view && { view: change.view }),
      ...(change.filter && {
        q: change.filter.q || undefined,
        kind: change.filter.kind ?? undefined,
        sort: change.filter.sort === DEFAULT_SORT ? undefined : change.filter.sort,
      }),
      ...("open" in change && { open: change.open ?? undefined }),
    });
    changeSearch(search, { replace: Boolean(change.open && open), resetScroll: false });
  };
  const enter = (path: string) => {
    const search: FilesSearch = { view, sort: sort === DEFAULT_SORT ? undefined : sort };
    if (path) void navigate({ to: "/files/$", params: { _splat: path }, search });
    else void navigate({ to: "/files", search });
  };
  const upload = (collected: Collected) => uploadQueue.add(into(folder, collected));
  const searched = isSearch(filter) ? "Search results" : null;
  useTitle(useOpenName(open) ?? (searched ? `Search: ${q}` : shownName(nameOf(folder)) || "Files"));
  return (
    <>
      <Crumbs>
        <FolderCrumbs folder={folder} {...(searched !== null && { file: searched })} />
      </Crumbs>
      <Group justify="space-between" wrap="nowrap" gap="sm" mb={8}>
        <Title order={1} lineClamp={1} title={searched ?? folder} style={{ overflowWrap: "anywhere" }}>
          {searched ?? (shownName(nameOf(folder)) || "Files")}
        </Title>
        <Group gap={8} wrap="nowrap">
          <ActionButton
            icon={FolderPlus}
            label="New folder"
            onClick={() => setDialog({ name: "new-folder", folder })}
          />
          <UploadButton onFiles={upload} />
        </Group>
      </Group>
      <VisuallyHidden aria-live="polite">
        {searched ? "Search results from all folders" : folder ? `Folder ${folder}` : "All files"}
      </VisuallyHidden>
      <FileBrowser
        key={folder}
        folder={folder}
        filter={filter}
        view={view ?? (remembered(VIEW) === "grid" ? "grid" : "list")}
        open={open}
        dialog={dialog}
        onDialog={setDialog}
        onShow={show}
        onFolder={enter}
        shareDialog={(entry, onClose) => <ShareDialog entry={entry} onClose={onClose} />}
        emptyAction={<UploadButton onFiles={upload} variant="default" />}
      />
    </>
  );
}

/** What the file in the drawer is called. */
function useOpenName(id: string | null): string | null {
  const { data } = useQuery({ ...fileQuery(id ?? ""), enabled: id !== null });
  return data && id !== null ? shownName(data.name) : null;
}
