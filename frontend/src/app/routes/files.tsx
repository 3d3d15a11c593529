import { Group, Stack, Title } from "@mantine/core";
import { useIsFetching } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { DEFAULT_SORT, type FileFilter, filesKey } from "@/features/files/api/list-files";
import { FileList } from "@/features/files/components/file-list";
import { SearchBox } from "@/features/files/components/search-box";
import { UploadButton } from "@/features/uploads/components/upload-button";

const route = getRouteApi("/signed-in/files");

export function FilesPage() {
  const { q = "", sort = DEFAULT_SORT } = route.useSearch();
  const navigate = route.useNavigate();
  const searching = useIsFetching({ queryKey: filesKey }) > 0 && q !== "";

  /** The URL holds what differs from the default, and each search is one step of the history. */
  const show = (change: Partial<FileFilter>) => {
    const wanted = { q, sort, ...change };
    void navigate({
      search: { ...(wanted.q && { q: wanted.q }), ...(wanted.sort !== DEFAULT_SORT && { sort: wanted.sort }) },
      replace: "q" in change && q !== "" && change.q !== "",
    });
  };

  return (
    <Stack gap="md">
      <Title order={1}>Files</Title>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <SearchBox value={q} busy={searching} onSearch={(text) => show({ q: text.trim() })} />
        <UploadButton />
      </Group>
      <FileList
        filter={{ q, sort }}
        onSort={(chosen) => show({ sort: chosen })}
        onShowAll={() => show({ q: "" })}
        emptyAction={<UploadButton variant="default" />}
      />
    </Stack>
  );
}
