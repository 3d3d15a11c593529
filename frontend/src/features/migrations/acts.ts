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
    label: "Retry failed files",
    question: "Retry failed files?",
    effect: "aishare copies and verifies each file that could not be moved again. Moved files stay where they are.",
  },
  cancel: {
    act: "cancel",
    label: "Cancel migration",
    question: "Cancel this migration?",
    effect: "Moved files stay in the new location, the rest stay in the old one. All files can be used as usual.",
  },
  rollback: {
    act: "rollback",
    label: "Roll back",
    question: "Roll back this migration?",
    effect:
      "Every file whose old copy is still there and intact returns to the old location. Newer files stay where they are.",
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
