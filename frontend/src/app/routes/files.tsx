import { Group, Stack, Title } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { DEFAULT_SORT } from "@/features/files/api/list-files";
import { FileList } from "@/features/files/components/file-list";
import { UploadButton } from "@/features/uploads/components/upload-button";
import { useOpenFolder } from "../use-open-folder";

const route = getRouteApi("/signed-in/files");

export function FilesPage() {
  const { q = "", sort = DEFAULT_SORT } = route.useSearch();
  const folder = useOpenFolder();
  const navigate = route.useNavigate();
  return (
    <Stack gap="md">
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Title order={1}>Files</Title>
        <UploadButton folder={folder} />
      </Group>
      <FileList
        filter={{ q, sort }}
        onSort={(chosen) => void navigate({ search: (before) => ({ ...before, sort: chosen }) })}
        onShowAll={() => void navigate({ search: (before) => ({ ...before, q: undefined }) })}
        emptyAction={<UploadButton folder={folder} variant="default" />}
      />
    </Stack>
  );
}
