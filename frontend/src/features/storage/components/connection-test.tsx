import { Button, Text } from "@mantine/core";
import { PlugZap } from "lucide-react";
import { Section } from "@/components/ui/section";
import { useConnectionTest } from "../api/test-connection";
import { TestSteps } from "./test-steps";

/** Tests the storage that is in use. */
export function ConnectionTest() {
  const { trial, start } = useConnectionTest();
  return (
    <Section
      title="Connection"
      description="Writes, reads and deletes a small test file. Takes ten seconds at most."
      action={
        <Button
          leftSection={<PlugZap size={16} strokeWidth={1.75} />}
          loading={trial.state === "running"}
          onClick={() => start()}
        >
          Test connection
        </Button>
      }
    >
      {trial.state === "idle" ? <Text c="dimmed">Not tested yet.</Text> : <TestSteps trial={trial} />}
    </Section>
  );
}
