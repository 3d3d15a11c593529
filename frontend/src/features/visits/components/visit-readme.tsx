import { useMemo } from "react";
import { PictureDoorContext, pictureDoor } from "@/components/preview/pictures";
import { readmeOf } from "@/lib/readme";
import { memberPicture } from "../addresses";
import { VisitRead } from "./visit-preview";

interface Props {
  token: string;
  folder: string;
  files: readonly { name: string; path: string }[];
}

/** What the makers of a shared folder say of it, below its list. */
export function VisitReadme({ token, folder, files }: Props) {
  const readme = readmeOf(files);
  const door = useMemo(() => pictureDoor(folder, (path) => memberPicture(token, path)), [token, folder]);
  if (!readme) return null;
  return (
    <PictureDoorContext value={door}>
      <section aria-label={readme.name}>
        <VisitRead key={readme.path} token={token} name={readme.name} path={readme.path} />
      </section>
    </PictureDoorContext>
  );
}
