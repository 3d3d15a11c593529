import { Button, Center } from "@mantine/core";

interface Props {
  /** Of a list in pages. */
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
  label?: string;
}

/** Brings the next page of a list, while there is one. */
export function ShowMore({ query, label = "Show more" }: Props) {
  if (!query.hasNextPage) return null;
  return (
    <Center>
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {label}
      </Button>
    </Center>
  );
}
