import { Box, Button, Skeleton, Stack, Text, Title } from "@mantine/core";
import { FolderOpen, FolderX, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import type { FileFilter } from "../api/list-files";
import { kindOf } from "@/components/listing/kinds";
import { FolderLink } from "./folder-link";
import classes from "./file-states.module.css";

const ROWS = [62, 48, 71, 55, 66, 44];

/** Placeholder while the list loads. */
export function FilesSkeleton({ grid }: { grid: boolean }) {
  if (grid) {
    return (
      <Box role="status" aria-label="Loading files" className={classes.cards}>
        {ROWS.map((_, card) => (
          <Skeleton key={card} height={196} radius={10} />
        ))}
      </Box>
    );
  }
  return (
    <Box role="status" aria-label="Loading files">
      <div className={classes.head} />
      {ROWS.map((width, row) => (
        <div key={row} className={classes.row}>
          <Skeleton height={18} width={18} radius="sm" />
          <Skeleton height={12} width={width * 5} maw="60%" />
          <Skeleton height={12} width={64} ml="auto" visibleFrom="xs" />
          <Skeleton height={12} width={96} visibleFrom="xs" />
        </div>
      ))}
    </Box>
  );
}

export function NoFiles({ action }: { action: ReactNode }) {
  return (
    <Stack align="center" gap="xs" className={classes.empty}>
      <FolderOpen size={36} strokeWidth={1.5} aria-hidden className={classes.icon} />
      <Title order={2} size="h4">
        No files yet
      </Title>
      <Text c="dimmed" ta="center" mb="sm">
        Drop files or a folder anywhere on this page.
      </Text>
      {action}
    </Stack>
  );
}

export function EmptyFolder({ action }: { action: ReactNode }) {
  return (
    <Stack align="center" gap="xs" className={classes.empty}>
      <FolderOpen size={36} strokeWidth={1.5} aria-hidden className={classes.icon} />
      <Title order={2} size="h4">
        This folder is empty
      </Title>
      <Text c="dimmed" ta="center" mb="sm">
        Drop files or a folder anywhere on this page.
      </Text>
      {action}
    </Stack>
  );
}

export function NoFolder() {
  return (
    <Stack align="center" gap="xs" className={classes.nothing}>
      <FolderX size={36} strokeWidth={1.5} aria-hidden className={classes.icon} />
      <Title order={2} size="h4" ta="center">
        Folder not found
      </Title>
      <Text c="dimmed" ta="center" mb="sm">
        It may have been moved, renamed or deleted.
      </Text>
      <Button variant="default" renderRoot={(props) => <FolderLink folder="" {...props} />}>
        Show all files
      </Button>
    </Stack>
  );
}

export function NoMatch({ filter: { q, kind }, onShowAll }: { filter: FileFilter; onShowAll: () => void }) {
  const what = kind === null || kind === "other" ? "file" : kindOf(kind, "").label.toLowerCase();
  return (
    <Stack align="center" gap="xs" className={classes.nothing}>
      <SearchX size={36} strokeWidth={1.5} aria-hidden className={classes.icon} />
      <Title order={2} size="h4" ta="center" style={{ overflowWrap: "anywhere" }}>
        {q
          ? `No ${what} matches “${q}”`
          : `No ${kind === "other" ? "files of other types" : `${what} files`} in this folder`}
      </Title>
      {q && (
        <Text c="dimmed" ta="center" mb="sm">
          The search covers file names and folder names.
        </Text>
      )}
      <Button variant="default" onClick={onShowAll}>
        Show all files
      </Button>
    </Stack>
  );
}
