import { Link } from "@tanstack/react-router";
import type { Sort } from "@/components/listing/sort";
import type { DragEvent, MouseEvent, ReactNode } from "react";

interface Props {
  folder: string;
  className?: string | undefined;
  title?: string;
  tabIndex?: number;
  onClick?: (event: MouseEvent) => void;
  onDragOver?: (event: DragEvent) => void;
  onDrop?: (event: DragEvent) => void;
  children: ReactNode;
}

/** A link to a folder that keeps the view and the sort order, and ends a search. */
export function FolderLink({ folder, ...rest }: Props) {
  const search = (before: { view?: "list" | "grid" | undefined; sort?: Sort | undefined }) => ({
    view: before.view,
    sort: before.sort,
  });
  const shared = { ...rest, draggable: false, search } as const;
  return folder ? <Link to="/files/$" params={{ _splat: folder }} {...shared} /> : <Link to="/files" {...shared} />;
}
