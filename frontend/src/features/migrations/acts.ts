import type { components } from "@/client/schema";

type Migration = components["schemas"]["MigrationJson"];
type State = Migration["state"];

export type Act = "pause" | "resume" | "cancel" | "rollback" | "retry";

export interface ActText {
  act: Act;
  label: string;
  /** Asked before; acts that can be taken back by a click are not. */
  question: string | null;
  effect: string;
}

const TEXTS: Record<Act, ActText> = {
  pause: { act: "pause", label: "Pause", question: null, effect: "" },
  resume: { act: "resume", label: "Resume", question: null, effect: "" },
  retry: {
    act: "retry",
    label: "Try failures again",
    question: "Try again what failed?",
    effect: "Each object that could not be moved is copied and proven again. What has moved stays where it is.",
  },
  cancel: {
    act: "cancel",
    label: "Cancel move",
    question: "Cancel this move?",
    effect:
      "What has moved stays in the new location; the rest stays in the old one. All files can be read and changed as before.",
  },
  rollback: {
    act: "rollback",
    label: "Roll back",
    question: "Roll back this move?",
    effect:
      "Every file whose bytes are still in the old location is proven there and read from it again. Newer files stay where they are.",
  },
};

const STATES: Record<Act, readonly State[]> = {
  pause: ["running"],
  resume: ["paused"],
  retry: ["running", "paused", "completed", "failed", "cancelled"],
  rollback: ["running", "paused", "completed", "failed", "cancelled"],
  cancel: ["running", "paused"],
};

/** What one can do with it now, the least harmful first. */
export function actsFor({ state, failures, objects_done }: Pick<Migration, "state" | "failures" | "objects_done">) {
  return (Object.keys(STATES) as Act[])
    .filter((act) => STATES[act].includes(state))
    .filter((act) => act !== "retry" || failures > 0)
    .filter((act) => act !== "rollback" || objects_done > 0)
    .map((act) => TEXTS[act]);
}
