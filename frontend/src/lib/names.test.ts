import { expect, it } from "vitest";
import { shownName } from "./names";

it("names stay as they are, in any script", () => {
  for (const name of ["cats.csv", "übung.txt", "صورة.png", "סרט.mp4", "👩‍👩‍👧.gif", "<b>&amp;"]) {
    expect(shownName(name)).toBe(name);
  }
});

it("what turns or breaks a name is shown", () => {
  expect(shownName("invoice\u202egpj.exe")).toBe("invoice\ufffdgpj.exe");
  expect(shownName("a\u2028b\u2067c")).toBe("a\ufffdb\ufffdc");
});
