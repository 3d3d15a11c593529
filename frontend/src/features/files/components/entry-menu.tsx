import { Menu, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  Download,
  Eye,
  FileText,
  FolderOpen,
  FolderInput,
  Hash,
  Link2,
  Pencil,
  Route,
  Share2,
  Trash2,
} from "lucide-react";
import { type Ref, useState } from "react";
import { copyText } from "@/lib/clipboard";
import type { Dialog } from "../dialog";
import { archiveUrl, downloadEach, downloadUrl } from "../download-url";
import { countOf, type Entry, type FileEntry } from "../entries";

const ICON = { size: 16, strokeWidth: 1.75 } as const;

export interface OpenMenu {
  /** One entry, or the whole selection. */
  entries: readonly Entry[];
  x: number;
  y: number;
}

interface Props {
  menu: OpenMenu | null;
  onClose: () => void;
  onEnter: (entry: Entry) => void;
  onPreview: (entry: Entry) => void;
  onDialog: (dialog: Dialog) => void;
}

/** The menu of one or more entries, opened by right click or by a row's button. */
export function EntryMenu({ menu, onClose, onEnter, onPreview, onDialog }: Props) {
  // keeps its items while it fades out
  const [last, setLast] = useState(menu);
  if (menu && menu !== last) setLast(menu);
  const entries = last?.entries ?? [];
  const [first] = entries;
  return (
    <Menu opened={menu !== null} onClose={onClose} position="bottom-start" shadow="md" width={200} returnFocus>
      <Menu.Target>
        <MenuPlace
          x={last?.x ?? 0}
          y={last?.y ?? 0}
          label={menu && `Actions for ${entries.length === 1 ? first?.name : countOf(entries)}`}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {entries.length === 1 && first && <OpenItems entry={first} onEnter={onEnter} onPreview={onPreview} />}
        <DownloadItem entries={entries} />
        {entries.length === 1 && first && (
          <Menu.Item leftSection={<Share2 {...ICON} />} onClick={() => onDialog({ name: "share", entry: first })}>
            Share
          </Menu.Item>
        )}
        {entries.length === 1 && first && (
          <Menu.Item leftSection={<Pencil {...ICON} />} onClick={() => onDialog({ name: "rename", entry: first })}>
            Rename
          </Menu.Item>
        )}
        <Menu.Item leftSection={<FolderInput {...ICON} />} onClick={() => onDialog({ name: "move", entries })}>
          Move
        </Menu.Item>
        {entries.length === 1 && first && <CopyItems entry={first} />}
        <Menu.Divider />
        <Menu.Item leftSection={<Trash2 {...ICON} />} onClick={() => onDialog({ name: "delete", entries })}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface PlaceProps {
  ref?: Ref<HTMLDivElement>;
  id?: string;
  x: number;
  y: number;
  /** Null while it is closed: it is read with the rest of the page. */
  label: string | null;
}

/** The position and name of the menu. It is not a button, so it drops the attributes of one. */
function MenuPlace({ ref, id, x, y, label }: PlaceProps) {
  return (
    <div ref={ref} id={id} style={{ position: "fixed", left: x, top: y }}>
      {label !== null && <VisuallyHidden>{label}</VisuallyHidden>}
    </div>
  );
}

function OpenItems({ entry, onEnter, onPreview }: { entry: Entry } & Pick<Props, "onEnter" | "onPreview">) {
  if (entry.type === "folder") {
    return (
      <Menu.Item leftSection={<FolderOpen {...ICON} />} onClick={() => onEnter(entry)}>
        Open
      </Menu.Item>
    );
  }
  return (
    <>
      <Menu.Item leftSection={<Eye {...ICON} />} onClick={() => onPreview(entry)}>
        Preview
      </Menu.Item>
      <Menu.Item leftSection={<FileText {...ICON} />} onClick={() => onEnter(entry)}>
        Open full page
      </Menu.Item>
    </>
  );
}

function DownloadItem({ entries }: { entries: readonly Entry[] }) {
  const files = entries.filter((entry): entry is FileEntry => entry.type === "file").map(({ file }) => file);
  const [first] = files;
  const icon = <Download {...ICON} />;
  const [folder] = entries;
  if (entries.length === 1 && folder?.type === "folder") {
    return (
      <Menu.Item component="a" href={archiveUrl(folder.path)} download leftSection={icon}>
        Download as ZIP
      </Menu.Item>
    );
  }
  // only the files of a mixed selection are downloaded
  if (!first) return null;
  if (files.length === 1) {
    return (
      <Menu.Item component="a" href={downloadUrl(first.id)} download={first.name} leftSection={icon}>
        Download
      </Menu.Item>
    );
  }
  return (
    <Menu.Item leftSection={icon} onClick={() => void downloadEach(files)}>
      Download {files.length} files
    </Menu.Item>
  );
}

function CopyItems({ entry }: { entry: Entry }) {
  return (
    <>
      <Menu.Divider />
      <Menu.Item leftSection={<Route {...ICON} />} onClick={() => void copy("Path", entry.path)}>
        Copy path
      </Menu.Item>
      {entry.type === "file" && (
        <>
          <Menu.Item
            leftSection={<Link2 {...ICON} />}
            onClick={() => void copy("Download URL", new URL(downloadUrl(entry.file.id), window.location.href).href)}
          >
            Copy download URL
          </Menu.Item>
          <Menu.Item leftSection={<Hash {...ICON} />} onClick={() => void copy("SHA-256", entry.file.sha256)}>
            Copy SHA-256
          </Menu.Item>
        </>
      )}
    </>
  );
}

async function copy(what: string, value: string): Promise<void> {
  const copied = await copyText(value);
  notifications.show({
    title: copied ? `${what} copied` : "Could not copy",
    message: value,
    color: copied ? "green" : "red",
  });
}
