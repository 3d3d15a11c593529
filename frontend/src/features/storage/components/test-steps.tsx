import { Loader, Text } from "@mantine/core";
import { Check, Minus, X } from "lucide-react";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { formatMilliseconds } from "@/lib/format";
import { type Step, stepLabel, type Trial, trialHeadline } from "../trial";
import classes from "./test-steps.module.css";

/** The steps of a connection test as they come in, and the result. */
export function TestSteps({ trial }: { trial: Trial }) {
  if (trial.state === "idle") return null;
  const failed = trial.state === "done" && !trial.ok;
  return (
    <div className={classes.root}>
      <Text role="status" fw={600} className={classes.headline} data-failed={failed || undefined}>
        {trialHeadline(trial)}
      </Text>
      <ol className={classes.list} aria-label="Steps of the test">
        {trial.steps.map((step) => (
          <StepRow key={step.name} step={step} />
        ))}
        {trial.state === "running" && (
          <li className={classes.step}>
            <Loader size={16} aria-hidden />
            <Text c="dimmed">Next step</Text>
          </li>
        )}
      </ol>
      <ProblemAlert error={trial.error} />
    </div>
  );
}

const STATES = {
  passed: { icon: Check, text: "Passed" },
  failed: { icon: X, text: "Failed" },
  skipped: { icon: Minus, text: "Skipped" },
} as const;

function StepRow({ step }: { step: Step }) {
  const state = step.ok === null ? "skipped" : step.ok ? "passed" : "failed";
  const { icon: Icon, text } = STATES[state];
  return (
    <li className={classes.step} data-state={state}>
      <span className={classes.mark} role="img" aria-label={text}>
        <Icon size={16} strokeWidth={2.25} aria-hidden />
      </span>
      <div className={classes.lines}>
        <div className={classes.first}>
          <span className={classes.name}>{stepLabel(step.name)}</span>
          <span className={classes.message}>{step.message}</span>
        </div>
        {step.hint && <span className={classes.hint}>{step.hint}</span>}
      </div>
      <span className={classes.time}>{step.ok === null ? "" : formatMilliseconds(step.ms)}</span>
    </li>
  );
}
