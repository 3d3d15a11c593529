import {
  Box,
  Braces,
  Database,
  FileText,
  Film,
  Image,
  type LucideIcon,
  Music,
  Package,
  File as Plain,
} from "lucide-react";

interface Kind {
  label: string;
  icon: LucideIcon;
}

export const KIND_NAMES = [
  "dataset",
  "model",
  "image",
  "text",
  "document",
  "audio",
  "video",
  "archive",
  "other",
] as const;
export type KindName = (typeof KIND_NAMES)[number];

export function isKind(value: unknown): value is KindName {
  return KIND_NAMES.some((kind) => kind === value);
}

const KINDS: Record<string, Kind> = {
  dataset: { label: "Dataset", icon: Database },
  model: { label: "Model", icon: Box },
  image: { label: "Image", icon: Image },
  text: { label: "Text", icon: FileText },
  document: { label: "Document", icon: FileText },
  audio: { label: "Audio", icon: Music },
  video: { label: "Video", icon: Film },
  archive: { label: "Archive", icon: Package },
};
const OTHER: Kind = { label: "File", icon: Plain };

export function kindOf(kind: string, mediaType: string): Kind {
  if (mediaType === "application/json") return { label: KINDS[kind]?.label ?? "Text", icon: Braces };
  return KINDS[kind] ?? OTHER;
}

/** "model.safetensors" -> "SAFETENSORS"; null for names without an extension, or with an unlikely one. */
export function extensionOf(name: string): string | null {
  const found = /[^.]\.([a-z0-9]{1,12})$/i.exec(name);
  return found?.[1] ? found[1].toUpperCase() : null;
}
