import { Text } from "@mantine/core";
import { type ReactNode, use } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { RelativeTime } from "@/components/ui/time";
import { formatAbsolute, formatBytes, formatCount, formatExactBytes } from "@/lib/format";
import type { ListedFile } from "@/components/listing/entries";
import { extensionOf, kindOf } from "@/components/listing/kinds";
import { LocationShownContext } from "./location-shown";
import classes from "./file-details.module.css";

interface Props {
  file: Omit<ListedFile, "sha256"> & {
    sha256?: string | undefined;
    owner?: string;
    created_at?: string;
    location?: string;
  };
  /** Where a program gets it. */
  address: string;
}

/** Everything known about a file. */
export function FileDetails({ file, address }: Props) {
  const { label } = kindOf(file.kind, file.media_type);
  const extension = extensionOf(file.name);
  const whole = new URL(address, window.location.href).href;
  const located = use(LocationShownContext);
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
      {file.sha256 !== undefined && (
        <Detail term="SHA-256" copy={["Copy SHA-256", file.sha256]}>
          <span className={classes.code}>{file.sha256}</span>
        </Detail>
      )}
      {file.owner !== undefined && <Detail term="Owner">{file.owner}</Detail>}
      {located && file.location !== undefined && (
        <Detail term="Location" copy={["Copy location ID", file.location]}>
          <span className={classes.code}>{file.location}</span>
        </Detail>
      )}
      <Detail term="Modified">
        <Moment time={file.modified_at} />
      </Detail>
      {file.created_at !== undefined && (
        <Detail term="Created">
          <Moment time={file.created_at} />
        </Detail>
      )}
      <Detail term="Download URL" copy={["Copy download URL", whole]}>
        <span className={classes.code}>{whole}</span>
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
