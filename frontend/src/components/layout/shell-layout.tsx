import { ActionIcon, AppShell, Box, Burger, Group, ScrollArea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ArrowLeft, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Brand } from "@/components/ui/brand";
import { CrumbsSlot } from "./crumbs";
import classes from "./shell-layout.module.css";

interface Props {
  navigation: ReactNode;
  search: ReactNode;
  /** Buttons at the end of the top bar. */
  actions: ReactNode;
  children: ReactNode;
}

/** Sidebar, top bar and content; below 768 px the sidebar becomes a drawer and the search a button. */
export function ShellLayout({ navigation, search, actions, children }: Props) {
  const [opened, { toggle, close }] = useDisclosure();
  const [searching, setSearching] = useState(false);
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 224, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={0}
      layout="alt"
    >
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <AppShell.Navbar className={classes.side} p={12} aria-label="Main">
        <AppShell.Section px={8} pb={16}>
          <Group justify="space-between" h={32}>
            <Brand />
            <Burger hiddenFrom="sm" opened={opened} onClick={close} size="sm" aria-label="Close navigation" />
          </Group>
        </AppShell.Section>
        <AppShell.Section grow component={ScrollArea} onClick={close}>
          {navigation}
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Header
        component="div"
        role="region"
        aria-label="Top bar"
        className={classes.top}
        data-searching={searching || undefined}
      >
        <Burger hiddenFrom="sm" opened={opened} onClick={toggle} size="sm" aria-label="Open navigation" />
        <div ref={setSlot} className={classes.crumbs} />
        <div className={classes.search}>
          <ActionIcon hiddenFrom="sm" aria-label="Close search" onClick={() => setSearching(false)}>
            <ArrowLeft size={18} strokeWidth={1.75} />
          </ActionIcon>
          {search}
        </div>
        <ActionIcon
          className={classes.searchButton}
          size={36}
          aria-label="Open search"
          onClick={() => setSearching(true)}
        >
          <Search size={18} strokeWidth={1.75} />
        </ActionIcon>
        <div className={classes.actions}>{actions}</div>
      </AppShell.Header>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <CrumbsSlot value={slot}>
          <Box className={classes.page}>{children}</Box>
        </CrumbsSlot>
      </AppShell.Main>
    </AppShell>
  );
}
