import type { Linter } from "eslint";

/**
 * Which folder may import which (docs/architecture.md, "The house"). A folder that is missing from another's list is out of its reach; every folder may import
 * itself, and files at the top may import whatever a stack program is made of.
 */
export const reach: Readonly<Record<string, readonly string[]>> = {
  routing: [],
  components: ["routing"],
  app: ["routing"],
  policy: ["routing"],
  cli: ["routing", "app"],
  stack: ["components", "app", "routing"],
  scripts: ["app", "policy"],
  local: [],
  bench: ["app", "components", "local", "routing", "test"],
};

const folders = [...Object.keys(reach), "test"];

/** ESLint configuration that refuses imports which point the other way. */
export const importDirection: Linter.Config[] = Object.entries(reach).map(([folder, allowed]) => {
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
              message: `${folder}/ may import ${["only itself", ...allowed.map((name) => `${name}/`)].join(", ")}: imports point one way (docs/architecture.md)`,
            },
          ],
        },
      ],
    },
  };
});
