import { Anchor } from "@mantine/core";
import { ChevronRight } from "lucide-react";
import { shownName } from "@/lib/names";
import classes from "./folder-way.module.css";

interface Props {
  /** The name of the topmost folder. */
  top: string;
  folder: string;
  /** The name of a file in the folder, if the page shows a file. */
  file?: string;
  onFolder: (folder: string) => void;
}

/** Breadcrumbs from the top of something shared to one of its folders. */
export function FolderWay({ top, folder, file, onFolder }: Props) {
  const names = folder ? folder.split("/") : [];
  const places = ["", ...names.map((_, index) => names.slice(0, index + 1).join("/"))];
  return (
    <nav aria-label="Folders">
      <ol className={classes.way}>
        {places.map((place, index) => {
          const name = shownName(names[index - 1] ?? top);
          const here = place === folder && file === undefined;
          return (
            <li key={place} aria-current={here ? "page" : undefined}>
              {index > 0 && <ChevronRight size={14} strokeWidth={1.75} aria-hidden />}
              {here ? (
                <span>{name}</span>
              ) : (
                <Anchor component="button" type="button" onClick={() => onFolder(place)}>
                  {name}
                </Anchor>
              )}
            </li>
          );
        })}
        {file !== undefined && (
          <li aria-current="page">
            <ChevronRight size={14} strokeWidth={1.75} aria-hidden />
            <span>{file}</span>
          </li>
        )}
      </ol>
    </nav>
  );
}
