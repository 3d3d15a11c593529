import type { Location } from "./api/list-locations";

/** An earlier storage that holds nothing any more can be forgotten. */
export function canRetire({ state, objects, copies }: Location): boolean {
  return state === "readable" && objects === 0 && copies === 0;
}

/** Files that lie where new ones do not go any more. */
export function canMoveAway({ state, objects }: Location): boolean {
  return state === "readable" && objects > 0;
}

/** What the state of a location means for whoever looks at it, in one word or a few. */
export function reachability({ state, reachable }: Location): string {
  if (state === "retired") return "No longer used";
  return reachable ? "Reachable" : "Not reachable";
}
