import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import { Download, Ellipsis, FolderInput, Pencil, Share2, Trash2 } from "lucide-react";
import type { Dialog } from "../dialog";
import { downloadUrl } from "../download-url";
import type { FileEntry } from "../entries";

const ICON = { size: 16, strokeWidth: 1.75 } as const;

/** Download and share buttons, and a menu of actions that change the file. */
export function FileActions({ entry, onDialog }: { entry: FileEntry; onDialog: (dialog: Dialog) => void }) {
  return (
    <>
      <Button
        component="a"
        href={downloadUrl(entry.file.id)}
        download={entry.name}
        leftSection={<Download {...ICON} aria-hidden />}
      >
        Download
      </Button>
      <Tooltip label="Share">
        <ActionIcon variant="default" size={36} aria-label="Share" onClick={() => onDialog({ name: "share", entry })}>
          <Share2 {...ICON} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" shadow="md" width={180}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <Ellipsis {...ICON} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Pencil {...ICON} />} onClick={() => onDialog({ name: "rename", entry })}>
            Rename
          </Menu.Item>
          <Menu.Item
            leftSection={<FolderInput {...ICON} />}
            onClick={() => onDialog({ name: "move", entries: [entry] })}
          >
            Move
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<Trash2 {...ICON} />} onClick={() => onDialog({ name: "delete", entries: [entry] })}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
