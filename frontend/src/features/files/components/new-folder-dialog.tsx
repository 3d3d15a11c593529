import { useCreateFolder } from "../api/create-folder";
import { joinPath } from "@/lib/paths";
import { NameDialog } from "./name-dialog";

interface Props {
  folder: string;
  onCreated: (path: string) => void;
  onClose: () => void;
}

export function NewFolderDialog({ folder, onCreated, onClose }: Props) {
  const create = useCreateFolder((created) => {
    onClose();
    onCreated(created.path);
  });
  return (
    <NameDialog
      title={folder ? `New folder in ${folder}` : "New folder"}
      action="Create"
      initial=""
      pending={create.isPending}
      error={create.error}
      onSubmit={(name) => create.mutate(joinPath(folder, name.trim()))}
      onClose={onClose}
    />
  );
}
