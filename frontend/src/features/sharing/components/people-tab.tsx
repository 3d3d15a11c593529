import { Avatar, Button, CloseButton, NativeSelect, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { ErrorView } from "@/components/ui/error-view";
import listClasses from "@/components/ui/entry-list.module.css";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { initials, splitDisplayName } from "@/lib/format";
import { useChangeRight, useRemoveShare, useShareWith } from "../api/change-shares";
import { type Right, type Share, type ShareTarget, sharesQuery } from "../api/list-shares";
import { isRight, rightMeaning, RIGHTS } from "../rights";
import { PersonField } from "./person-field";
import classes from "./people-tab.module.css";

/** The part of the share dialog about people: who may see this, and who else should. */
export function PeopleTab({ target }: { target: ShareTarget }) {
  return (
    <Stack gap="lg">
      <AddPerson target={target} />
      <People target={target} />
    </Stack>
  );
}

function AddPerson({ target }: { target: ShareTarget }) {
  const [username, setUsername] = useState("");
  const [right, setRight] = useState<Right>("read");
  const share = useShareWith(() => setUsername(""));
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    share.mutate({ target, username: username.trim(), right });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <div className={classes.add}>
          <PersonField label="Share with" placeholder="Name of a user" value={username} onChange={setUsername} />
          <RightSelect label="Permission" visibleLabel value={right} onChange={setRight} />
          <Button type="submit" loading={share.isPending} disabled={username.trim() === ""}>
            Share
          </Button>
        </div>
        <Text size="xs" c="dimmed">
          {rightMeaning(right, "file_id" in target ? "file" : "folder")}
        </Text>
        <ProblemAlert error={share.error} />
      </Stack>
    </form>
  );
}

function People({ target }: { target: ShareTarget }) {
  const query = useQuery(sharesQuery(target));
  if (query.isPending) return <RowsSkeleton label="Loading people" rows={2} height={64} />;
  if (!query.data) {
    return <ErrorView title="Could not load people" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) return <Text c="dimmed">Not shared with anyone yet.</Text>;
  return (
    <ul className={listClasses.list} aria-label="People">
      {query.data.map((share) => (
        <Grantee key={share.id} share={share} />
      ))}
    </ul>
  );
}

function Grantee({ share }: { share: Share }) {
  const { username, display_name: displayName } = share.user;
  const change = useChangeRight();
  const remove = useRemoveShare();
  return (
    <li>
      <div className={listClasses.entry}>
        <Avatar size={32} radius="xl" color="gray" aria-hidden>
          {initials(displayName)}
        </Avatar>
        <div className={listClasses.lines}>
          <Text component="span" fw={500}>
            {splitDisplayName(displayName)[0]}
          </Text>
          <Text component="span" size="xs" c="dimmed">
            {username}
          </Text>
        </div>
        <RightSelect
          label={`Permission of ${username}`}
          value={share.right}
          onChange={(right) => change.mutate({ id: share.id, right })}
        />
        <CloseButton
          aria-label={`Stop sharing with ${username}`}
          disabled={remove.isPending}
          onClick={() => remove.mutate(share.id)}
        />
      </div>
      <ProblemAlert error={change.error ?? remove.error} />
    </li>
  );
}

interface RightSelectProps {
  label: string;
  visibleLabel?: boolean;
  value: Right;
  onChange: (right: Right) => void;
}

function RightSelect({ label, visibleLabel = false, value, onChange }: RightSelectProps) {
  return (
    <NativeSelect
      w={128}
      {...(visibleLabel ? { label } : { "aria-label": label })}
      data={RIGHTS.map((right) => ({ ...right }))}
      value={value}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        if (isRight(chosen)) onChange(chosen);
      }}
    />
  );
}
