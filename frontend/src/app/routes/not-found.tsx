import { Anchor, Center, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTitle } from "../title";

export function NotFoundPage() {
  useTitle("Page not found");
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack align="center" gap="xs">
        <Title order={1}>Page not found</Title>
        <Text c="dimmed" ta="center">
          The address may be mistyped, or the page may have moved.
        </Text>
        <Anchor component={Link} to="/files">
          Go to your files
        </Anchor>
      </Stack>
    </Center>
  );
}
