import { Center } from "@mantine/core";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { isMissingPart, reloadWhenBack, wasReloaded } from "../missing-part";
import { useTitle } from "../title";

/** What is shown when a page could not even start, for example because it met an error of its own. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const missing = isMissingPart(error) && !wasReloaded();
  useTitle(missing ? null : "Something went wrong");
  useEffect(() => {
    if (missing) void reloadWhenBack();
  }, [missing]);
  const retry = () => {
    reset();
    void router.invalidate();
  };
  // the note says that the server is away
  if (missing) return null;
  return (
    <Center component="main" mih="100dvh" p="md">
      <ErrorView title="This page could not be shown" error={error} onRetry={retry} />
    </Center>
  );
}
