import { Stack } from "@mantine/core";
import type { components } from "@/client/schema";
import { formatBytes, formatCount, formatExactBytes } from "@/lib/format";
import { Pager } from "./pager";
import classes from "./table-view.module.css";

type Archive = components["schemas"]["ArchivePreviewJson"];

interface Props {
  archive: Archive;
  name: string;
  busy: boolean;
  onPage: (page: number) => void;
}

/** The list of files in an archive, without unpacking it. */
export default function ArchiveView({ archive, name, busy, onPage }: Props) {
  const { entries, page } = archive;
  return (
    <Stack gap={6}>
      <div className={classes.box} tabIndex={0} role="region" aria-label={`Contents of ${name}`} aria-busy={busy}>
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" data-numeric>
                Size
              </th>
              <th scope="col">Modified</th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ path, size, folder, modified }, index) => (
              <tr key={index}>
                <td className={classes.wrapped}>{folder ? `${path.replace(/\/$/, "")}/` : path}</td>
                <td data-numeric title={folder ? undefined : formatExactBytes(size)}>
                  {folder ? "" : formatBytes(size)}
                </td>
                <td>{modified?.replace("T", " ").slice(0, 16)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager what="entries" page={page} pages={archive.pages} more={archive.more} onPage={onPage}>
        {described(archive)}
      </Pager>
    </Stack>
  );
}

function described({ entries, page, count, bytes, truncated }: Archive): string {
  if (entries.length === 0) return "The archive is empty";
  const first = (page - 1) * PAGE_ENTRIES + 1;
  const of = count === null ? "" : ` of ${formatCount(count)}`;
  const shown = `Entries ${formatCount(first)}–${formatCount(first + entries.length - 1)}${of}`;
  const unpacked = bytes === null ? "" : ` · ${formatBytes(bytes)} unpacked`;
  return `${shown}${unpacked}${truncated ? " · there may be more" : ""}`;
}

/** The page size of the server. */
const PAGE_ENTRIES = 1000;
