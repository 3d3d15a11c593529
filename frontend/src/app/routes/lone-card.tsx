import { Box, Group, type MantineSpacing, Paper, Stack, type StyleProp } from "@mantine/core";
import type { ReactNode } from "react";
import { Brand } from "@/components/ui/brand";
import classes from "./lone-card.module.css";

interface Props {
  /** In pixels, at most. */
  width: number;
  padding?: StyleProp<MantineSpacing>;
  brand?: number;
  below?: ReactNode;
  children: ReactNode;
}

/** A page without the application around it: a card under the name, in the middle of the window. */
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
