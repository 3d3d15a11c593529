import { useNavigate } from "@tanstack/react-router";

interface Options {
  /** In place of the step of the history that is shown, and not one more. */
  replace?: boolean;
  resetScroll?: boolean;
}

type Change<Search> = (search: Search | ((before: Search) => Search), options?: Options) => void;

/**
 * Changes the part of the address behind "?"; the path stays. It starts from the route that is matched, however deep:
 * the `useNavigate` of a route starts from that route, and would leave the pages below it.
 */
export function useSearchChange<Search extends object>(): Change<Search> {
  const navigate = useNavigate();
  return (search, options) => void navigate({ to: ".", search: search as never, ...options });
}
