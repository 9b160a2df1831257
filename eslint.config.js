import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/**
 * Which folder may import which (docs/architecture.md, "The house"). A folder that is missing from another's list is out of its reach.
 * Every folder may import itself, and `index.ts` at the top may import whatever a stack program is made of.
 */
const reach = {
  routing: [],
  components: ["routing"],
  app: ["routing"],
  policy: ["routing"],
  cli: ["routing", "app"],
  local: ["routing", "components", "app", "cli"],
  bench: ["routing", "components", "app", "cli", "local"],
};

const folders = [...Object.keys(reach), "test"];

const importDirection = Object.entries(reach).map(([folder, allowed]) => {
  const forbidden = folders.filter((other) => other !== folder && !allowed.includes(other));
  return {
    files: [`${folder}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^(\\.{1,2}/)+(${forbidden.join("|")})/`,
              message: `${folder}/ may import only itself${allowed.map((name) => `, ${name}/`).join("")}: imports point one way (docs/architecture.md).`,
            },
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", ".local/", "bench/results/", "**/context/"] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["test", "it", "describe", "suite", "before", "after", "beforeEach", "afterEach"] }] }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // A component is made for its effect on the stack.
      "no-new": "off",
      "@typescript-eslint/no-extraneous-class": "off",
    },
  },
  { files: ["**/*.js", "**/*.mjs"], languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } } },
  ...importDirection,
);
