import { Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Download, FolderX } from "lucide-react";
import { type PictureDoor, PictureDoorContext, pictureDoor } from "@/components/preview/pictures";
import { ActionButton } from "@/components/ui/action-button";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { FolderWay } from "@/components/ui/folder-way";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { downloadUrl } from "@/features/files/download-url";
import { useDoors } from "@/features/files/use-doors";
import { sharedArchiveAddress, sharedUploadAddress } from "@/features/sharing/addresses";
import { type Share, withMeQuery } from "@/features/sharing/api/list-shares";
import { SharedEntries } from "@/features/sharing/components/shared-entries";
import { rightLabel } from "@/features/sharing/rights";
import { splitDisplayName } from "@/lib/format";
import { shownName } from "@/lib/names";
import { PageCrumbs } from "../page-crumbs";
import { PageTitle, useTitle } from "../title";
import { useListing } from "../use-listing";
import { SharedFile } from "./shared-file";
import { SharedReadme } from "./shared-readme";
import { SharedHeader } from "./shared-header";
import { SharedUpload } from "./shared-upload";

const route = getRouteApi("/signed-in/shared/$id");

/** One file or folder that somebody shares, with all that its right allows. */
export function SharedItemPage() {
  const { id } = route.useParams();
  const query = useQuery(withMeQuery);
  const share = query.data?.find((one) => one.id === id);
  if (share) return <SharedItem share={share} />;
  if (query.isPending) return <RowsSkeleton label="Loading the share" rows={5} />;
  if (!query.data) {
    return <ErrorView title="Could not load the share" error={query.error} onRetry={() => void query.refetch()} />;
  }
  return <NoShare />;
}

function NoShare() {
  useTitle("Not shared");
  return (
    <>
      <PageCrumbs trail={[{ label: "Shared with me", to: "/shared" }, { label: "Not shared" }]} />
      <Title order={1}>This is not shared with you</Title>
      <EmptyNote
        icon={FolderX}
        action={
          <Button variant="default" renderRoot={(props) => <Link to="/shared" {...props} />}>
            Show what is shared with you
          </Button>
        }
      >
        It was deleted, or its owner has stopped sharing it.
      </EmptyNote>
    </>
  );
}

function SharedItem({ share }: { share: Share }) {
  const search = route.useSearch();
  const listing = useListing(search, `/shared/${encodeURIComponent(share.id)}`);
  const { folder, onFolder: open } = listing;
  const navigate = useNavigate();
  const fileId = share.file?.id ?? search.file;
  // a file that is shared by itself has nothing beside it
  const door: PictureDoor =
    share.kind === "folder" ? pictureDoor(folder, (path) => sharedUploadAddress(share.id, path)) : () => null;
  const name = folder.slice(folder.lastIndexOf("/") + 1) || share.name;
  return (
    <Stack gap="lg">
      <PageCrumbs trail={[{ label: "Shared with me", to: "/shared" }, { label: shownName(share.name) }]} />
      <PictureDoorContext value={door}>
        {fileId !== undefined ? (
          <SharedFile
            id={fileId}
            mayWrite={share.right === "write"}
            inFolder={share.kind === "folder"}
            about={<About share={share} />}
            way={(name) =>
              share.kind === "folder" && <FolderWay top={share.name} folder={folder} file={name} onFolder={open} />
            }
            onGone={() => (share.kind === "folder" ? open(folder) : void navigate({ to: "/shared" }))}
          />
        ) : (
          <>
            <SharedHeader title={shownName(name)} about={<About share={share} />}>
              <ActionButton icon={Download} label="Download all" href={sharedArchiveAddress(share.id, folder)} />
              {share.right === "write" && <SharedUpload shareId={share.id} folder={folder} name={name} />}
            </SharedHeader>
            {folder && <FolderWay top={share.name} folder={folder} onFolder={open} />}
            <SharedListing shareId={share.id} name={name} listing={listing} />
          </>
        )}
      </PictureDoorContext>
    </Stack>
  );
}

interface ListingProps {
  shareId: string;
  /** Of the folder that is shown. */
  name: string;
  listing: ReturnType<typeof useListing>;
}

function SharedListing({ shareId, name: folderName, listing }: ListingProps) {
  const doors = useDoors();
  return (
    <SharedEntries
      shareId={shareId}
      {...listing}
      doors={doors}
      title={(file) => <PageTitle title={shownName(file ?? folderName)} />}
      drawerActions={({ id, name }) => (
        <>
          <Button
            component="a"
            href={downloadUrl(id)}
            download={name}
            leftSection={<Download size={16} strokeWidth={1.75} aria-hidden />}
          >
            Download
          </Button>
          <Button variant="default" renderRoot={(props) => <PageLink id={id} {...props} />}>
            Open full page
          </Button>
        </>
      )}
      readme={(files) => <SharedReadme files={files} />}
    />
  );
}

/** To the page of a file, from where its folder is one step back. */
function PageLink({ id, ...props }: { id: string }) {
  return <route.Link to="." search={(before) => ({ ...before, open: undefined, file: id })} {...props} />;
}

function About({ share }: { share: Share }) {
  return (
    <Group gap={8}>
      <Text c="dimmed">Shared by {splitDisplayName(share.owner.display_name)[0]}</Text>
      <Badge color="gray">{rightLabel(share.right)}</Badge>
    </Group>
  );
}
