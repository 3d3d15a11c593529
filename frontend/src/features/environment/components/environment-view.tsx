import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorView } from "@/components/ui/error-view";
import { StaleNote } from "@/components/ui/stale-note";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { environmentQuery } from "../api/list-variables";
import type { VariableFilter } from "../filter";
import { FileNote } from "./file-note";
import { FileProblems } from "./file-problems";
import { VariableFilterBar } from "./variable-filter";
import { VariableList } from "./variable-list";

interface Props {
  filter: VariableFilter;
  onFilter: (filter: VariableFilter) => void;
}

export function EnvironmentView({ filter, onFilter }: Props) {
  const query = useQuery(environmentQuery);
  if (query.isPending) return <RowsSkeleton label="Variables are loading" rows={8} height={64} />;
  if (!query.data) {
    return (
      <ErrorView title="The variables could not be listed" error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  const broken = query.data.problems.length > 0;
  return (
    <Stack gap="md">
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      {/* of files with problems it is not known which of them were there at the start */}
      {!broken && <FileNote files={query.data.files} />}
      <FileProblems problems={query.data.problems} />
      <VariableFilterBar filter={filter} onChange={onFilter} />
      <VariableList environment={query.data} filter={filter} onShowAll={() => onFilter({ q: "", onlySet: false })} />
    </Stack>
  );
}
