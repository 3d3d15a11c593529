import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const STYLES = "node_modules/@mantine/core/styles";

/** What the notifications, a package of their own, are drawn with. */
const BEHIND_PACKAGES = ["Notification"];

function usedComponents(): Set<string> {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
  const imports = files.flatMap((name) => {
    const found = readFileSync(join("src", name), "utf8").matchAll(/import \{([^}]*)\} from "@mantine\/core"/g);
    return Array.from(found, (match) => match[1] ?? "");
  });
  return new Set([...BEHIND_PACKAGES, ...imports.flatMap((names) => names.split(",").map((name) => name.trim()))]);
}

it("brings the styles of every component that is used", () => {
  const listed = readFileSync("src/app/mantine.css", "utf8");
  const missing = [...usedComponents()].filter(
    (name) => existsSync(join(STYLES, `${name}.css`)) && !listed.includes(`/${name}.css"`),
  );
  expect(missing).toEqual([]);
});

it("knows every name that it lists", () => {
  const listed = Array.from(readFileSync("src/app/mantine.css", "utf8").matchAll(/styles\/(.+)\.css/g), (m) => m[1]);
  expect(listed.length).toBeGreaterThan(20);
  expect(listed.filter((name) => !existsSync(join(STYLES, `${name ?? ""}.css`)))).toEqual([]);
});
