import { lazy, Suspense } from "react";
import { patiently } from "@/lib/patiently";
import { lineNumbers } from "./line-numbers";
import classes from "./code-view.module.css";

const Coloured = lazy(patiently(() => import("./coloured")));

/** Longer texts are shown without colours, which would block the page. */
const COLOURED_LETTERS = 60_000;

interface Props {
  text: string;
  /** The language, as the server names it; null for prose. */
  language: string | null;
  /** For screen readers, which do not see where it begins and ends. */
  label: string;
  /** With line numbers, if it is code. */
  numbered?: boolean;
}

/** Text and code. The colours appear after the text, because the highlighter is loaded on demand. */
export function CodeView({ text, language, label, numbered = false }: Props) {
  const coloured = language !== null && text.length <= COLOURED_LETTERS;
  const numbers = numbered && language !== null ? lineNumbers(text) : null;
  return (
    <pre
      className={classes.text}
      tabIndex={0}
      aria-label={label}
      role="region"
      data-prose={language === null || undefined}
      data-numbered={numbers !== null || undefined}
    >
      {/* drawn by the style sheet, so that they are not copied along with the code */}
      {numbers !== null && <span className={classes.numbers} data-numbers={numbers} aria-hidden />}
      <code>
        {coloured ? (
          <Suspense fallback={text}>
            <Coloured text={text} language={language} />
          </Suspense>
        ) : (
          text
        )}
      </code>
    </pre>
  );
}
