import { useIsFetching } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { filesKey } from "@/features/files/api/list-files";
import { SearchBox } from "@/features/files/components/search-box";
import { filesSearch } from "../files-search";
import { useOpenFolder } from "../use-open-folder";

/** Searches all files, from any page; on the files page it shows the search from the address. */
export function GlobalSearch() {
  const navigate = useNavigate();
  const folder = useOpenFolder();
  const onFiles = useRouterState({ select: (state) => /^\/files(\/|$)/.test(state.location.pathname) });
  const search = useRouterState({ select: (state) => state.location.search });
  const { q = "", sort, kind, view } = onFiles ? filesSearch(search) : {};
  const fetching = useIsFetching({ queryKey: filesKey }) > 0;

  const find = (text: string) => {
    const wanted = text.trim();
    if (wanted === q || (!onFiles && wanted === "")) return;
    const shown = { q: wanted || undefined, sort, kind, view };
    // each search is one history entry, not each letter
    const replace = q !== "" && wanted !== "";
    if (folder) void navigate({ to: "/files/$", params: { _splat: folder }, search: shown, replace });
    else void navigate({ to: "/files", search: shown, replace });
  };
  return <SearchBox value={q} busy={fetching && q !== ""} onSearch={find} />;
}
