import { Button, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { ThemeSwitch } from "@/features/auth/components/theme-switch";
import { downloadAddress } from "@/features/visits/addresses";
import { type Outcome, type Visit, visitQuery, visitsKey } from "@/features/visits/api/get-visit";
import { RefusalView } from "@/features/visits/components/refusal-view";
import { UnlockForm } from "@/features/visits/components/unlock-form";
import { VisitEntries } from "@/features/visits/components/visit-entries";
import { VisitHeader } from "@/features/visits/components/visit-header";
import { VisitPreview } from "@/features/visits/components/visit-preview";
import { refusalKind } from "@/features/visits/refusal";
import { shownName } from "@/lib/names";
import { nameOf } from "@/lib/paths";
import { PageTitle, useTitle } from "../title";
import { useListing } from "../use-listing";
import { LoneCard } from "./lone-card";
import { VisitUpload } from "./visit-upload";

const route = getRouteApi("/s/$token");
/** A download that was started is counted with its first byte; then the page looks what is left. */
const COUNTED_MS = 1500;

/** The page that a link opens: for everybody who has it, so without anything of the application around it. */
export function VisitPage() {
  const { token } = route.useParams();
  const { data } = useQuery(visitQuery(token));
  // a list with its columns needs the room
  const wide = data?.open === true && data.visit.kind === "folder" && data.visit.name !== null;
  return (
    <LoneCard width={wide ? 1080 : 640} brand={28} padding={{ base: "md", xs: "xl" }} below={<ThemeSwitch />}>
      <VisitContent key={token} token={token} />
    </LoneCard>
  );
}

function VisitContent({ token }: { token: string }) {
  const query = useQuery({
    ...visitQuery(token),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? COUNTED_MS : false),
  });
  useTitle(query.data ? titleOf(query.data) : null);
  if (query.isPending) return <RowsSkeleton label="The link is being opened" rows={3} />;
  if (!query.data) {
    return <ErrorView title="The link could not be opened" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.open) {
    const { visit } = query.data;
    if (visit.needs_sign_in) return <Refused kind="sign-in" token={token} />;
    if (visit.needs_password && !visit.unlocked) return <UnlockForm token={token} />;
    return <OpenVisit token={token} visit={visit} />;
  }
  const kind = refusalKind(query.data.refusal);
  return kind === "password" ? <UnlockForm token={token} /> : <Refused kind={kind} token={token} />;
}

/** The name of what is shared; before the password is known there is none. The list of a folder says its own. */
function titleOf(outcome: Outcome): string | null {
  if (!outcome.open) return refusalKind(outcome.refusal) === "password" ? null : "Link not available";
  const { kind, name } = outcome.visit;
  return kind === "folder" || name === null ? null : shownName(name);
}

/** The last download is this browser's, and not finished; when it is, the page has nothing more to offer. */
function isUnderWay(outcome: Outcome): boolean {
  return outcome.open && outcome.visit.downloads_left === 0;
}

function Refused({ kind, token }: { kind: Exclude<ReturnType<typeof refusalKind>, "password">; token: string }) {
  const signIn = kind === "sign-in" || kind === "other-user";
  return (
    <RefusalView kind={kind}>
      {signIn && (
        <Button mt="sm" renderRoot={(props) => <Link to="/login" search={{ next: `/s/${token}` }} {...props} />}>
          Sign in
        </Button>
      )}
    </RefusalView>
  );
}

function OpenVisit({ token, visit }: { token: string; visit: Visit }) {
  const queryClient = useQueryClient();
  const counted = () =>
    setTimeout(() => void queryClient.invalidateQueries({ queryKey: [...visitsKey, token], exact: true }), COUNTED_MS);
  const download = (label: string): ReactNode => (
    <Button
      component="a"
      href={downloadAddress(token)}
      download
      size="md"
      fullWidth
      leftSection={<Download size={18} strokeWidth={1.75} aria-hidden />}
      onClick={counted}
    >
      {label}
    </Button>
  );
  return (
    <Stack gap="lg">
      <VisitHeader visit={visit} />
      {visit.kind === "request" && <VisitUpload token={token} />}
      {visit.kind === "file" && (
        <>
          {download("Download")}
          <VisitPreview token={token} visit={visit} />
        </>
      )}
      {visit.kind === "folder" && (
        <>
          {download("Download all as ZIP")}
          <FolderEntries token={token} visit={visit} onDownload={counted} />
        </>
      )}
    </Stack>
  );
}

function FolderEntries({ token, visit, onDownload }: { token: string; visit: Visit; onDownload: () => void }) {
  const listing = useListing(route.useSearch(), `/s/${encodeURIComponent(token)}`);
  const name = visit.name ?? "";
  const folderName = nameOf(listing.folder) || name;
  return (
    <VisitEntries
      token={token}
      name={name}
      title={(file) => <PageTitle title={shownName(file ?? folderName)} />}
      // what is limited is not given away by looking at it
      previews={visit.downloads_left === null}
      onDownload={onDownload}
      {...listing}
    />
  );
}
