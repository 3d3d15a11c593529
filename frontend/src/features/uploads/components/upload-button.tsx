import { Button, Menu } from "@mantine/core";
import { ChevronDown, FileUp, FolderUp, Upload } from "lucide-react";
import { type ChangeEvent, useRef } from "react";
import { type Collected, fromInput } from "../collect";

interface Props {
  onFiles: (collected: Collected) => void;
  /** The empty page offers the same action a second time, less loudly. */
  variant?: "filled" | "default";
}

export function UploadButton({ onFiles, variant = "filled" }: Props) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const chosen = (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.currentTarget;
    if (input.files) onFiles(fromInput(input.files));
    // the same file may be chosen again
    input.value = "";
  };
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={180}>
        <Menu.Target>
          <Button
            variant={variant}
            leftSection={<Upload size={16} strokeWidth={1.75} aria-hidden />}
            rightSection={<ChevronDown size={16} strokeWidth={1.75} aria-hidden />}
          >
            Upload
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<FileUp size={16} strokeWidth={1.75} />} onClick={() => files.current?.click()}>
            Files
          </Menu.Item>
          <Menu.Item leftSection={<FolderUp size={16} strokeWidth={1.75} />} onClick={() => folder.current?.click()}>
            A folder
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input ref={files} type="file" multiple hidden onChange={chosen} aria-label="Files to upload" />
      <input
        ref={(input) => {
          folder.current = input;
          if (input) input.webkitdirectory = true;
        }}
        type="file"
        hidden
        onChange={chosen}
        aria-label="Folder to upload"
      />
    </>
  );
}
