import { Box, Group, type MantineSpacing, Paper, Stack, type StyleProp } from "@mantine/core";
import type { ReactNode } from "react";
import { Brand } from "@/components/ui/brand";
import classes from "./lone-card.module.css";

interface Props {
  /** The maximum width, in pixels. */
  width: number;
  padding?: StyleProp<MantineSpacing>;
  brand?: number;
  below?: ReactNode;
  children: ReactNode;
}

/** A page without navigation: a card in the middle of the window, below the logo. */
export function LoneCard({ width, padding = "xl", brand = 32, below, children }: Props) {
  return (
    <Box component="main" className={classes.page}>
      <Stack gap="lg" w="100%" maw={width}>
        <Group justify="center">
          <Brand size={brand} />
        </Group>
        <Paper withBorder p={padding} radius="lg" className={classes.card}>
          {children}
        </Paper>
        {below && <Group justify="center">{below}</Group>}
      </Stack>
    </Box>
  );
}
