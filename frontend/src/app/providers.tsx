import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { patiently } from "@/lib/patiently";
import { connectUploads } from "./uploads";
import { router } from "./router";
import { OutageNote } from "./routes/outage-note";
import { queryClient } from "./session";
import { cssVariables, theme } from "./theme";

const Notices = lazy(patiently(() => import("./notices")));

connectUploads();

export function Providers() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Suspense>
        <Notices />
      </Suspense>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <OutageNote />
      </QueryClientProvider>
    </MantineProvider>
  );
}
