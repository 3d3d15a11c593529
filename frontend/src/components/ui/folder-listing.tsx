import { Text } from "@mantine/core";
import { Download, File, Folder } from "lucide-react";
import type { MouseEvent, ReactNode } from "react";
import { formatBytes, formatExactBytes, formatQuantity } from "@/lib/format";
import classes from "./folder-listing.module.css";
import buttons from "./row-button.module.css";
import { PathText } from "./path-text";

export interface FolderLine {
  name: string;
  path: string;
  files: number;
  bytes: number;
}

export interface FileLine {
  name: string;
  path: string;
  size: number;
}

interface Props<Line extends FileLine> {
  folders: readonly FolderLine[];
  files: readonly Line[];
  onFolder: (path: string) => void;
  downloadUrl: (file: Line) => string;
  onDownload?: () => void;
  /** What a click on the name does; by default it downloads. */
  onFile?: (file: Line) => void;
  /** Additional buttons of a file. */
  actions?: (file: Line) => ReactNode;
}

/** The contents of somebody else's folder: folders to open, files to download. */
export function FolderListing<Line extends FileLine>({ folders, files, onFolder, ...rest }: Props<Line>) {
  return (
    <ul className={classes.list} aria-label="Files">
      {folders.map(({ name, path, files: count, bytes }) => (
        <li key={`folder:${path}`} className={classes.entry}>
          <Folder size={18} strokeWidth={1.75} aria-hidden className={classes.folder} />
          <button type="button" className={classes.name} onClick={() => onFolder(path)}>
            <PathText path={name} />
          </button>
          <Text component="span" size="xs" c="dimmed" className={classes.figures}>
            {formatQuantity(count, "file")} · {formatBytes(bytes)}
          </Text>
        </li>
      ))}
      {files.map((file) => (
        <FileEntry key={`file:${file.path}`} file={file} {...rest} />
      ))}
    </ul>
  );
}

function FileEntry<Line extends FileLine>({
  file,
  downloadUrl,
  onDownload,
  onFile,
  actions,
}: { file: Line } & Omit<Props<Line>, "folders" | "files" | "onFolder">) {
  const address = downloadUrl(file);
  const click = (event: MouseEvent) => {
    if (!onFile) return onDownload?.();
    event.preventDefault();
    onFile(file);
  };
  return (
    <li className={classes.entry}>
      <File size={18} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <a className={classes.name} href={address} download={file.name} onClick={click}>
        <PathText path={file.name} />
      </a>
      <Text component="span" size="xs" c="dimmed" className={classes.figures} title={formatExactBytes(file.size)}>
        {formatBytes(file.size)}
      </Text>
      <div className={classes.buttons}>
        <a
          className={buttons.button}
          href={address}
          download={file.name}
          aria-label={`Download ${file.name}`}
          onClick={() => onDownload?.()}
        >
          <Download size={16} strokeWidth={1.75} aria-hidden />
        </a>
        {actions?.(file)}
      </div>
    </li>
  );
}
