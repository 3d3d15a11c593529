import { AppShell, Box, Burger, Group, ScrollArea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Brand } from "@/components/ui/brand";
import classes from "./shell-layout.module.css";

interface Props {
  navigation: ReactNode;
  account: ReactNode;
  children: ReactNode;
}

/** Sidebar and content; below 768 px the sidebar becomes a drawer under a top bar. */
export function ShellLayout({ navigation, account, children }: Props) {
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <AppShell
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={0}
      layout="alt"
    >
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <AppShell.Header hiddenFrom="sm" className={classes.bar}>
        <Group h="100%" px="md" justify="space-between">
          <Brand />
          <Burger opened={opened} onClick={toggle} size="sm" aria-label="Open navigation" />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.bar} p={12} aria-label="Main">
        <AppShell.Section px={8} pt={6} pb={20}>
          <Group justify="space-between" h={32}>
            <Brand />
            <Burger hiddenFrom="sm" opened={opened} onClick={close} size="sm" aria-label="Close navigation" />
          </Group>
        </AppShell.Section>
        <AppShell.Section grow component={ScrollArea} onClick={close}>
          {navigation}
        </AppShell.Section>
        <AppShell.Section>{account}</AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Box className={classes.page}>{children}</Box>
      </AppShell.Main>
    </AppShell>
  );
}
