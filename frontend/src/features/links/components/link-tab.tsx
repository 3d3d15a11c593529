import { Stack } from "@mantine/core";
import type { LinkTarget } from "../target";
import type { PersonField } from "./link-options";
import { LiveLinks } from "./live-links";
import { NewLink } from "./new-link";

interface Props {
  target: LinkTarget;
  kind: "download" | "request";
  PersonField: PersonField;
}

/** The part of the share dialog about links: a new one, and those that there are. */
export function LinkTab(props: Props) {
  return (
    <Stack gap="lg">
      <NewLink {...props} />
      <LiveLinks target={props.target} kind={props.kind} />
    </Stack>
  );
}
