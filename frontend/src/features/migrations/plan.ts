import type { components } from "@/client/schema";
import type { Fact } from "@/components/ui/facts";
import { formatBytes, formatCount, formatDuration, formatExactBytes, formatQuantity } from "@/lib/format";

type Plan = components["schemas"]["MigrationPlanJson"];

/** What the plan found, for reading. */
export function planFacts(plan: Plan): Fact[] {
  return [
    { label: "Files", value: formatCount(plan.objects) },
    { label: "Size", value: `${formatBytes(plan.bytes)} (${formatExactBytes(plan.bytes)})` },
    { label: "Missing files", value: formatCount(plan.missing) },
    { label: "Damaged files", value: formatCount(plan.corrupt) },
    { label: "Estimated time", value: estimate(plan) },
    { label: "Requests", value: plan.requests === 0 ? "None: both are local folders" : formatCount(plan.requests) },
    { label: "Free space", value: plan.free_bytes === null ? "Unknown" : formatBytes(plan.free_bytes) },
  ];
}

function estimate({ estimated_seconds: seconds, measured_bytes_per_second: rate }: Plan): string {
  if (seconds === null) return "Unknown: nothing could be measured";
  const time = `About ${formatDuration(seconds)}`;
  return rate === null ? time : `${time}, measured at ${formatBytes(rate)} per second`;
}

/** What to know before it is started. */
export function planWarnings(plan: Plan): string[] {
  const damaged = plan.missing + plan.corrupt;
  const warnings = [
    !plan.enough_space && "The target does not have enough free space for these files.",
    damaged > 0 &&
      `${formatQuantity(damaged, "file is", "files are")} missing or damaged. They stay where they are and are listed as failed.`,
    plan.objects > 0 &&
      plan.measured_bytes_per_second === null &&
      "No file could be copied to measure the speed. Test the connection to the storage first.",
  ];
  return warnings.filter((warning) => warning !== false);
}
