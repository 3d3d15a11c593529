import { Fragment } from "react";

/** Text in which `names` between backticks are shown as code. */
export function MarkedText({ children }: { children: string }) {
  return children
    .split("`")
    .map((part, index) =>
      index % 2 === 1 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>,
    );
}
