import { Center } from "@mantine/core";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ErrorView } from "@/components/ui/error-view";

/** Shown when a page could not be opened at all, for example because the server does not answer. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Center component="main" mih="100dvh" p="md">
      <ErrorView title="Could not load this page" error={error} onRetry={retry} />
    </Center>
  );
}
