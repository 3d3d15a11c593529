import { Title } from "@mantine/core";
import type { ListedFile } from "@/components/listing/entries";
import type { PreviewDoors } from "./doors";
import { ReadPreview } from "./read-preview";

/** The README of a folder, below its list. */
export default function FolderReadme({ file, doors }: { file: ListedFile; doors: PreviewDoors }) {
  return (
    <section aria-label={file.name} style={{ marginTop: 24 }}>
      <Title order={2} size="h5" mb={8}>
        {file.name}
      </Title>
      <ReadPreview key={file.sha256} file={file} doors={doors} />
    </section>
  );
}
