import { lazy, type ReactNode, Suspense, useState } from "react";
import { patiently } from "@/lib/patiently";
import type { ListedFile } from "@/components/listing/entries";
import type { PreviewDoors } from "./doors";
import { picturesOf } from "./picture-source";

const Lightbox = lazy(patiently(() => import("./lightbox")));

interface Walk {
  files: readonly ListedFile[];
  doors: PreviewDoors;
  current: string;
  onShow: (id: string) => void;
}

/** Pictures in the whole window. It stays open from one to the next, so it belongs to what shows the files. */
export function useLightbox({ files, doors, current, onShow }: Walk): {
  opened: boolean;
  open: () => void;
  element: ReactNode;
} {
  const [opened, setOpened] = useState(false);
  const element = opened && (
    <Suspense>
      <Lightbox
        pictures={picturesOf(files, doors)}
        current={current}
        onShow={onShow}
        onClose={() => setOpened(false)}
      />
    </Suspense>
  );
  return { opened, open: () => setOpened(true), element };
}
