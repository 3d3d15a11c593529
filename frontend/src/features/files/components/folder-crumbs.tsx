import { type Crumb, CrumbTrail } from "@/components/layout/crumb-trail";
import { shownName } from "@/lib/names";
import { lineage, nameOf } from "@/lib/paths";
import { FolderLink } from "./folder-link";

interface Props {
  folder: string;
  /** The name of a file in the folder, on the page of that file. */
  file?: string;
}

/** Breadcrumbs from the top folder to a folder, or to a file in it. */
export function FolderCrumbs({ folder, file }: Props) {
  const places = ["", ...lineage(folder)];
  const crumbs: Crumb[] = places.map((path, index) => ({
    key: path,
    render: (className) =>
      index === places.length - 1 && file === undefined ? (
        <span className={className}>{shownName(nameOf(path)) || "Files"}</span>
      ) : (
        <FolderLink folder={path} className={className} title={path}>
          {shownName(nameOf(path)) || "Files"}
        </FolderLink>
      ),
  }));
  const page: Crumb[] =
    file === undefined
      ? []
      : [{ key: "file", render: (className) => <span className={className}>{shownName(file)}</span> }];
  return <CrumbTrail crumbs={[...crumbs, ...page]} />;
}
