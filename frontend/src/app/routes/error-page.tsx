import { Center } from "@mantine/core";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { isMissingPart, reloadWhenBack, wasReloaded } from "../missing-part";
import { useTitle } from "../title";

/** Shown when a page could not be opened at all, for example because the server does not answer. */
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
      <ErrorView title="Could not load this page" error={error} onRetry={retry} />
    </Center>
  );
}
