import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// shared (components, lib, client) <- features <- app; a feature never imports another. Inside a feature imports are
// relative and reach at most to its root, everything else goes through "@/", so these patterns see every crossing.
const forbid = (...groups) => ["error", { patterns: groups.map(([group, message]) => ({ group, message })) }];
const NO_CLIMBING = [["../../*", "../../**"], "Leave the folder through @/ instead."];
const NO_APP = [["@/app/**"], "Only the application composes; nothing imports it."];
const NO_FEATURE = [
  ["@/features/**"],
  "Shared code and other features do not know this feature: compose them in app/routes.",
];
const NO_COMPONENT = [["@/components/**"], "lib and client know no components."];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/client/schema.d.ts"] },
  js.configs.recommended,
  {
    files: ["public/*.js"],
    languageOptions: { sourceType: "script", globals: { document: false, localStorage: false, matchMedia: false } },
    rules: { "no-unused-vars": ["error", { caughtErrors: "none" }] },
  },
  { files: ["*.mjs"], languageOptions: { globals: { process: false } } },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { "react-hooks": reactHooks },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // TanStack Router redirects are thrown objects
      "@typescript-eslint/only-throw-error": "off",
      "max-lines": ["error", 300],
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.property.name='useNavigate']",
          message: "It starts from its own route and leaves the pages below: use useSearchChange, or useNavigate.",
        },
      ],
      "no-restricted-imports": forbid(NO_CLIMBING),
    },
  },
  { files: ["src/features/*/*/**"], rules: { "no-restricted-imports": forbid(NO_CLIMBING, NO_APP, NO_FEATURE) } },
  // a file at the root of a feature leaves it with a single step up
  {
    files: ["src/features/*/*.{ts,tsx}"],
    rules: { "no-restricted-imports": forbid([["../*", "../**"], NO_CLIMBING[1]], NO_APP, NO_FEATURE) },
  },
  { files: ["src/components/**"], rules: { "no-restricted-imports": forbid(NO_CLIMBING, NO_APP, NO_FEATURE) } },
  {
    files: ["src/{lib,client}/**"],
    rules: { "no-restricted-imports": forbid([["../*", "../**"], NO_CLIMBING[1]], NO_APP, NO_FEATURE, NO_COMPONENT) },
  },
);
