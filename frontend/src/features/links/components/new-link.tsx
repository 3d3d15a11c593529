import { Alert, Button, Collapse, Group, Stack, Text } from "@mantine/core";
import { ChevronDown, ChevronUp, Link2, TriangleAlert } from "lucide-react";
import { type SyntheticEvent, useId, useState } from "react";
import { CopyField } from "@/components/ui/copy-field";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { copyText } from "@/lib/clipboard";
import { useCreateLink } from "../api/create-link";
import type { Link } from "../api/list-links";
import { DEFAULT_OPTIONS, limitProblem, type LinkOptions, wishOf } from "../options";
import { expiryOf, limitsOf } from "../state";
import type { LinkTarget } from "../target";
import { LinkOptionFields, type PersonField } from "./link-options";

interface Props {
  target: LinkTarget;
  kind: "download" | "request";
  PersonField: PersonField;
}

/** One click makes a link as the service has it and copies it; everything else is folded away. */
export function NewLink({ target, kind, PersonField }: Props) {
  const [options, setOptions] = useState<LinkOptions>(DEFAULT_OPTIONS);
  const [unfolded, setUnfolded] = useState(false);
  const [copied, setCopied] = useState(false);
  const fields = useId();
  const create = useCreateLink();
  const Fold = unfolded ? ChevronUp : ChevronDown;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setCopied(false);
    create.mutate(
      { target, kind, wish: wishOf(options) },
      {
        onSuccess: (link) => {
          setUnfolded(false);
          setOptions(DEFAULT_OPTIONS);
          void copyText(link.url).then(setCopied);
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>{explain(target, kind)}</Text>
        <Group gap="xs">
          <Button
            type="submit"
            leftSection={<Link2 size={16} strokeWidth={1.75} aria-hidden />}
            loading={create.isPending}
            disabled={limitProblem(options.maxUses) !== null}
            data-autofocus
          >
            {kind === "request" ? "Create and copy request" : "Create and copy link"}
          </Button>
          <Button
            variant="subtle"
            color="gray"
            aria-expanded={unfolded}
            aria-controls={fields}
            rightSection={<Fold size={16} strokeWidth={1.75} aria-hidden />}
            onClick={() => setUnfolded(!unfolded)}
          >
            Options
          </Button>
        </Group>
        <Collapse expanded={unfolded} id={fields}>
          <LinkOptionFields
            options={options}
            request={kind === "request"}
            file={target.type === "file"}
            PersonField={PersonField}
            onChange={(change) => setOptions((before) => ({ ...before, ...change }))}
          />
        </Collapse>
        <ProblemAlert error={create.error} />
        {create.data && <CreatedLink link={create.data} copied={copied} />}
      </Stack>
    </form>
  );
}

function explain(target: LinkTarget, kind: Props["kind"]): string {
  if (kind === "request") return "Anyone with the link can upload files to this folder, but cannot see what is in it.";
  if (target.type === "folder") return "Anyone with the link can view and download everything in this folder.";
  return "Anyone with the link can download this file, without an account.";
}

function CreatedLink({ link, copied }: { link: Link; copied: boolean }) {
  const about = [expiryOf(link), ...limitsOf(link)].join(", ");
  return (
    <Stack gap={8}>
      <CopyField label="New link" value={link.url} />
      <Text size="xs" c="dimmed" role="status">
        {copied ? "Copied. " : ""}
        {`It ${about}.`}
      </Text>
      {link.warning === "loopback" && <LoopbackWarning url={link.url} />}
    </Stack>
  );
}

function LoopbackWarning({ url }: { url: string }) {
  return (
    <Alert
      color="yellow"
      icon={<TriangleAlert size={18} strokeWidth={1.75} />}
      title="This link works on this computer only"
    >
      {new URL(url).host} can only be opened on this computer. Open aishare under the address that others use, or set
      PUBLIC_URL to it, and create the link again.
    </Alert>
  );
}
