import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { connectUploads } from "./uploads";
import { router } from "./router";
import { OutageNote } from "./routes/outage-note";
import { queryClient } from "./session";
import { cssVariables, theme } from "./theme";

connectUploads();

export function Providers() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-center" containerWidth={380} autoClose={4000} limit={3} />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <OutageNote />
      </QueryClientProvider>
    </MantineProvider>
  );
}
