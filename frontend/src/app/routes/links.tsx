import { Button, Stack } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { PageHeader } from "@/components/ui/page-header";
import { LinkList } from "@/features/links/components/link-list";
import { isLinkState } from "@/features/links/state";
import { PageCrumbs } from "../page-crumbs";
import { useSearchChange } from "../use-search-change";

const route = getRouteApi("/signed-in/links");

export function LinksPage() {
  const { state } = route.useSearch();
  const changeSearch = useSearchChange<{ state?: string | undefined }>();
  return (
    <Stack gap="lg">
      <PageCrumbs trail={[{ label: "My links" }]} />
      <PageHeader title="My links" description="Links that let others download your files, or send files to you." />
      <LinkList
        state={isLinkState(state) ? state : null}
        onState={(chosen) => changeSearch({ state: chosen ?? undefined }, { replace: true })}
        emptyAction={
          <Button variant="default" renderRoot={(props) => <Link to="/files" {...props} />}>
            Go to your files
          </Button>
        }
      />
    </Stack>
  );
}
