import type { UseQueryResult } from "@tanstack/react-query";
import { SlidersHorizontal } from "lucide-react";
import { StatCard } from "@/components/ui/stat-card";
import { formatQuantity } from "@/lib/format";
import type { Environment } from "../api/list-variables";

export function EnvironmentCard({ query, to }: { query: UseQueryResult<Environment>; to: string }) {
  const variables = query.data?.categories.flatMap((category) => category.variables) ?? [];
  const set = variables.filter((variable) => variable.set).length;
  const pending = variables.filter((variable) => variable.pending).length;
  const wrong = variables.filter((variable) => !variable.valid).length + (query.data?.problems.length ?? 0);
  const details = [
    `${formatQuantity(set, "variable")} set`,
    pending > 0 && `${pending} not applied yet`,
    wrong > 0 && formatQuantity(wrong, "problem"),
  ];
  return (
    <StatCard
      title="Version"
      icon={SlidersHorizontal}
      to={to}
      linkLabel="Environment"
      query={query}
      value={query.data ? `aishare ${query.data.aishare}` : null}
      detail={details.filter(Boolean).join(", ")}
    />
  );
}
