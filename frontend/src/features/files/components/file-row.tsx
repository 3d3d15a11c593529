import { ActionIcon, Table, Text, Tooltip } from "@mantine/core";
import { Download } from "lucide-react";
import { FileSize } from "@/components/ui/file-size";
import { PathText } from "@/components/ui/path-text";
import { RelativeTime } from "@/components/ui/time";
import { formatBytes, formatRelative } from "@/lib/format";
import type { File } from "../api/list-files";
import { downloadUrl } from "../download-url";
import { extensionOf, kindOf } from "../kinds";
import { FileMenu } from "./file-menu";
import classes from "./file-table.module.css";

interface Props {
  file: File;
  onDelete: (file: File) => void;
}

export function FileRow({ file, onDelete }: Props) {
  const { label, icon: Icon } = kindOf(file.kind, file.media_type);
  const extension = extensionOf(file.name);
  const folder = file.path.slice(0, -file.name.length - 1);
  return (
    <Table.Tr>
      <Table.Td>
        <div className={classes.nameCell}>
          <Icon size={18} strokeWidth={1.75} className={classes.icon} aria-hidden />
          <div className={classes.lines}>
            <span className={classes.wide}>
              <PathText path={file.path} />
            </span>
            <span className={classes.narrow}>
              <PathText path={file.path} nameOnly />
            </span>
            <Text component="span" size="xs" c="dimmed" truncate className={classes.narrow}>
              {[formatBytes(file.size), formatRelative(file.modified_at), folder].filter(Boolean).join(" · ")}
            </Text>
          </div>
        </div>
      </Table.Td>
      <Table.Td className={classes.kind}>
        <Tooltip label={file.media_type}>
          <span>
            {label}
            {extension && <span className={classes.extension}>{extension}</span>}
          </span>
        </Tooltip>
      </Table.Td>
      <Table.Td className={classes.size}>
        <FileSize bytes={file.size} />
      </Table.Td>
      <Table.Td className={`${classes.modified ?? ""} ${classes.dim ?? ""}`}>
        <RelativeTime time={file.modified_at} />
      </Table.Td>
      <Table.Td className={classes.actions}>
        <div className={classes.buttons}>
          <ActionIcon
            component="a"
            href={downloadUrl(file.id)}
            download={file.name}
            aria-label={`Download ${file.path}`}
          >
            <Download size={16} strokeWidth={1.75} />
          </ActionIcon>
          <FileMenu file={file} onDelete={onDelete} />
        </div>
      </Table.Td>
    </Table.Tr>
  );
}
