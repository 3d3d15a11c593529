import { lazy, type ReactNode, Suspense, useState } from "react";
import { patiently } from "@/lib/patiently";
import type { File } from "./api/list-files";
import { picturesOf } from "./pictures";

const Lightbox = lazy(patiently(() => import("@/components/preview/lightbox")));

interface Walk {
  files: readonly File[];
  current: string;
  onShow: (id: string) => void;
}

/** Images in the whole window. It stays open while stepping, so it belongs to the component that shows the files. */
export function useLightbox({ files, current, onShow }: Walk): {
  opened: boolean;
  open: () => void;
  element: ReactNode;
} {
  const [opened, setOpened] = useState(false);
  const element = opened && (
    <Suspense>
      <Lightbox pictures={picturesOf(files)} current={current} onShow={onShow} onClose={() => setOpened(false)} />
    </Suspense>
  );
  return { opened, open: () => setOpened(true), element };
}
