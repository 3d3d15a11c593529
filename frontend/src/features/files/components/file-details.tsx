import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { RelativeTime } from "@/components/ui/time";
import { formatAbsolute, formatBytes, formatCount, formatExactBytes } from "@/lib/format";
import type { File } from "../api/list-files";
import { downloadUrl } from "../download-url";
import { extensionOf, kindOf } from "../kinds";
import classes from "./file-details.module.css";

/** Everything known about a file. */
export function FileDetails({ file }: { file: File }) {
  const { label } = kindOf(file.kind, file.media_type);
  const extension = extensionOf(file.name);
  const address = new URL(downloadUrl(file.id), window.location.href).href;
  return (
    <dl className={classes.list}>
      <Detail term="Path" copy={["Copy path", file.path]}>
        <span className={classes.code}>{file.path}</span>
      </Detail>
      <Detail term="Size">
        {formatBytes(file.size)}
        {file.size >= 1000 && (
          <Text component="span" c="dimmed">
            {" "}
            ({formatExactBytes(file.size)})
          </Text>
        )}
      </Detail>
      <Detail term="Type">
        {label}
        <Text component="span" c="dimmed">
          {[extension && ` ${extension}`, ` (${file.media_type})`].filter(Boolean).join("")}
        </Text>
      </Detail>
      {file.image && (
        <Detail term="Dimensions">
          {formatCount(file.image.width)} × {formatCount(file.image.height)} pixels
          <Text component="span" c="dimmed">
            {" "}
            ({file.image.format.toUpperCase()})
          </Text>
        </Detail>
      )}
      <Detail term="SHA-256" copy={["Copy SHA-256", file.sha256]}>
        <span className={classes.code}>{file.sha256}</span>
      </Detail>
      <Detail term="Owner">{file.owner}</Detail>
      <Detail term="Location" copy={["Copy location ID", file.location]}>
        <span className={classes.code}>{file.location}</span>
      </Detail>
      <Detail term="Modified">
        <Moment time={file.modified_at} />
      </Detail>
      <Detail term="Created">
        <Moment time={file.created_at} />
      </Detail>
      <Detail term="Download URL" copy={["Copy download URL", address]}>
        <span className={classes.code}>{address}</span>
      </Detail>
    </dl>
  );
}

function Moment({ time }: { time: string }) {
  return (
    <>
      <RelativeTime time={time} />
      <Text component="span" c="dimmed">
        , {formatAbsolute(time)}
      </Text>
    </>
  );
}

interface DetailProps {
  term: string;
  copy?: readonly [label: string, value: string];
  children: ReactNode;
}

function Detail({ term, copy, children }: DetailProps) {
  return (
    <div className={classes.item}>
      <dt>{term}</dt>
      <dd>
        <span className={classes.value}>{children}</span>
        {copy && <CopyButton label={copy[0]} value={copy[1]} />}
      </dd>
    </div>
  );
}
