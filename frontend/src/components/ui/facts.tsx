import type { ReactNode } from "react";
import classes from "./facts.module.css";

export interface Fact {
  label: string;
  value: ReactNode;
  /** Ids, addresses, names of variables. */
  code?: boolean;
}

/** Names and values in two columns; below each other on a phone. */
export function Facts({ facts, wide = false }: { facts: readonly Fact[]; wide?: boolean }) {
  return (
    <dl className={classes.facts} data-wide={wide || undefined}>
      {facts.map(({ label, value, code }) => (
        <div key={label} className={classes.fact}>
          <dt className={classes.label}>{label}</dt>
          <dd className={classes.value} data-code={code ?? undefined}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
