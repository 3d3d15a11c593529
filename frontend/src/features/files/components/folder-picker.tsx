import { Skeleton, Text, UnstyledButton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronRight, CornerLeftUp, Folder } from "lucide-react";
import { Button } from "@mantine/core";
import { foldersQuery } from "../api/list-folders";
import type { Entry } from "../entries";
import { parentOf } from "@/lib/paths";
import classes from "./folder-picker.module.css";
import { ProblemAlert } from "./problem-alert";

interface Props {
  folder: string;
  /** Folders among these cannot be opened: a folder cannot be moved into itself. */
  moving: readonly Entry[];
  onOpen: (folder: string) => void;
}

/** Browses the folders; the open folder is the chosen one. */
export function FolderPicker({ folder, moving, onOpen }: Props) {
  const query = useInfiniteQuery(foldersQuery(folder));
  const folders = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={classes.box}>
      <div className={classes.place}>
        <Text size="xs" c="dimmed">
          Move to
        </Text>
        <Text fw={500} style={{ overflowWrap: "anywhere" }} aria-live="polite">
          {folder || "Files"}
        </Text>
      </div>
      <ul className={classes.list} aria-label="Folders">
        {folder && (
          <li>
            <UnstyledButton className={classes.row} onClick={() => onOpen(parentOf(folder))}>
              <CornerLeftUp size={18} strokeWidth={1.75} aria-hidden className={classes.icon} />
              <span className={classes.name}>Go up to {parentOf(folder) || "Files"}</span>
            </UnstyledButton>
          </li>
        )}
        {folders.map(({ path, name }) => (
          <li key={path}>
            <UnstyledButton
              className={classes.row}
              disabled={moving.some((entry) => entry.type === "folder" && entry.path === path)}
              onClick={() => onOpen(path)}
            >
              <Folder size={18} strokeWidth={1.75} aria-hidden className={classes.icon} />
              <span className={classes.name}>{name}</span>
              <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
            </UnstyledButton>
          </li>
        ))}
        {query.isPending && (
          <li className={classes.note}>
            <Skeleton height={12} width="60%" />
          </li>
        )}
        {query.isSuccess && folders.length === 0 && (
          <li className={classes.note}>
            <Text c="dimmed">No folders here.</Text>
          </li>
        )}
        {query.hasNextPage && (
          <li className={classes.note}>
            <Button variant="subtle" size="compact-sm" onClick={() => void query.fetchNextPage()}>
              Show more folders
            </Button>
          </li>
        )}
      </ul>
      <ProblemAlert error={query.error} />
    </div>
  );
}
