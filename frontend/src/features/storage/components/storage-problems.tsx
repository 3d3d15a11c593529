import { Alert, Button, List, Stack } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { MarkedText } from "@/components/ui/marked-text";
import type { StorageInfo } from "../api/storage-info";
import { TakeOverDialog } from "./take-over-dialog";

const TAKEN_OVER_BY_HAND = new Set(["location_missing", "location_owned"]);

/** What keeps the storage from working, and the way out where only a person can decide. */
export function StorageProblems({ info: { problems, code, status } }: { info: StorageInfo }) {
  const [asking, setAsking] = useState(false);
  if (problems.length === 0) return null;
  return (
    <Alert
      role="alert"
      color={status === "down" ? "red" : "yellow"}
      icon={<TriangleAlert size={18} strokeWidth={1.75} />}
      title="Storage problem"
    >
      <Stack gap="sm" align="flex-start">
        <List listStyleType="none" spacing={4} aria-label="Problems">
          {problems.map(({ message }) => (
            <List.Item key={message} style={{ overflowWrap: "anywhere" }}>
              <MarkedText>{message}</MarkedText>
            </List.Item>
          ))}
        </List>
        {TAKEN_OVER_BY_HAND.has(code) && (
          <Button variant="default" onClick={() => setAsking(true)}>
            Use this storage anyway…
          </Button>
        )}
      </Stack>
      <TakeOverDialog opened={asking} onClose={() => setAsking(false)} />
    </Alert>
  );
}
