import type { components } from "@/client/schema";
import type { Fact } from "@/components/ui/facts";
import { formatBytes, formatCount, formatDuration, formatExactBytes, formatQuantity } from "@/lib/format";

type Plan = components["schemas"]["MigrationPlanJson"];

/** What the plan found, for reading. */
export function planFacts(plan: Plan): Fact[] {
  return [
    { label: "Objects", value: formatCount(plan.objects) },
    { label: "Size", value: `${formatBytes(plan.bytes)} (${formatExactBytes(plan.bytes)})` },
    { label: "Known missing", value: formatCount(plan.missing) },
    { label: "Known corrupt", value: formatCount(plan.corrupt) },
    { label: "Estimated time", value: estimate(plan) },
    { label: "Requests", value: plan.requests === 0 ? "None: both are disks" : formatCount(plan.requests) },
    { label: "Free space", value: plan.free_bytes === null ? "No limit known" : formatBytes(plan.free_bytes) },
  ];
}

function estimate({ estimated_seconds: seconds, measured_bytes_per_second: rate }: Plan): string {
  if (seconds === null) return "Not known: nothing could be measured";
  const time = `About ${formatDuration(seconds)}`;
  return rate === null ? time : `${time}, measured at ${formatBytes(rate)} per second`;
}

/** What to know before it is started. */
export function planWarnings(plan: Plan): string[] {
  const damaged = plan.missing + plan.corrupt;
  const warnings = [
    !plan.enough_space && "The target has less free space than the files need.",
    damaged > 0 &&
      `${formatQuantity(damaged, "object is", "objects are")} missing or corrupt. They stay where they are and will be listed.`,
    plan.objects > 0 &&
      plan.measured_bytes_per_second === null &&
      "No object could be copied for the measurement. Test the connection of the storage first.",
  ];
  return warnings.filter((warning) => warning !== false);
}
