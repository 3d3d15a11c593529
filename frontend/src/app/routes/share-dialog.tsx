import { Modal, SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import type { Entry } from "@/features/files/entries";
import { LinkTab } from "@/features/links/components/link-tab";
import type { LinkTarget } from "@/features/links/target";
import type { ShareTarget } from "@/features/sharing/api/list-shares";
import { PeopleTab } from "@/features/sharing/components/people-tab";
import { shownName } from "@/lib/names";
import { PersonField } from "@/features/sharing/components/person-field";

const LINK = { value: "link", label: "Link" };
const REQUEST = { value: "request", label: "Request files" };
const PEOPLE = { value: "people", label: "People" };

/** Everything about sharing one file or folder. */
export default function ShareDialog({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const [tab, setTab] = useState("link");
  const link = linkTarget(entry);
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Share ${shownName(entry.name)}`}
      styles={{ title: { fontWeight: 600, overflowWrap: "anywhere" } }}
    >
      <Stack gap="lg">
        <SegmentedControl
          fullWidth
          aria-label="How to share"
          data={entry.type === "folder" ? [LINK, REQUEST, PEOPLE] : [LINK, PEOPLE]}
          value={tab}
          onChange={setTab}
        />
        {tab === "people" ? (
          <PeopleTab target={shareTarget(entry)} />
        ) : (
          <LinkTab
            key={tab}
            target={link}
            kind={tab === "request" ? "request" : "download"}
            PersonField={PersonField}
          />
        )}
      </Stack>
    </Modal>
  );
}

function linkTarget(entry: Entry): LinkTarget {
  return entry.type === "file"
    ? { type: "file", id: entry.file.id, name: entry.name }
    : { type: "folder", path: entry.path, name: entry.name };
}

function shareTarget(entry: Entry): ShareTarget {
  return entry.type === "file" ? { file_id: entry.file.id } : { folder: entry.path };
}
