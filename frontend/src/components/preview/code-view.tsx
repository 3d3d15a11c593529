import { lazy, Suspense } from "react";
import { patiently } from "@/lib/patiently";
import classes from "./code-view.module.css";

const Coloured = lazy(patiently(() => import("./coloured")));

/** Of a longer text every letter is shown, but nothing is coloured: that would hold up the page. */
const COLOURED_LETTERS = 60_000;

interface Props {
  text: string;
  /** What to colour it as, in the words of the service; null for prose. */
  language: string | null;
  /** For who cannot see where it begins and ends. */
  label: string;
}

/** Text and code. The colours come later than the text, for their rules are loaded when they are wanted. */
export function CodeView({ text, language, label }: Props) {
  const coloured = language !== null && text.length <= COLOURED_LETTERS;
  return (
    <pre
      className={classes.text}
      tabIndex={0}
      aria-label={label}
      role="region"
      data-prose={language === null || undefined}
    >
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
