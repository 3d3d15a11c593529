import { ActionIcon, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Download, Ellipsis, Hash, Trash2 } from "lucide-react";
import { copyText } from "@/lib/clipboard";
import type { File } from "../api/list-files";
import { downloadUrl } from "../download-url";

const ICON = { size: 16, strokeWidth: 1.75 } as const;

interface Props {
  file: File;
  onDelete: (file: File) => void;
}

export function FileMenu({ file, onDelete }: Props) {
  return (
    <Menu position="bottom-end" shadow="md" width={180}>
      <Menu.Target>
        <ActionIcon aria-label={`More actions for ${file.path}`}>
          <Ellipsis {...ICON} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={downloadUrl(file.id)} download={file.name} leftSection={<Download {...ICON} />}>
          Download
        </Menu.Item>
        <Menu.Item leftSection={<Hash {...ICON} />} onClick={() => void copyDigest(file)}>
          Copy SHA-256
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<Trash2 {...ICON} />} onClick={() => onDelete(file)}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

async function copyDigest(file: File): Promise<void> {
  const copied = await copyText(file.sha256);
  notifications.show({
    title: copied ? "SHA-256 copied" : "The browser refused to copy",
    message: file.name,
    color: copied ? "green" : "red",
  });
}
