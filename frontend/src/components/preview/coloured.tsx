import { useMemo } from "react";
import classes from "./coloured.module.css";
import { highlight } from "./highlight";

/** Highlighted code, made of text elements and never of HTML. */
export default function Coloured({ text, language }: { text: string; language: string }) {
  const pieces = useMemo(() => highlight(text, language), [text, language]);
  return pieces.map(({ text: piece, role }, index) =>
    role === null ? (
      piece
    ) : (
      <span key={index} className={classes[role]}>
        {piece}
      </span>
    ),
  );
}
