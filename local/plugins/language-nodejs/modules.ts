import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Finds one of the SDK's launchers as the program itself would find it, so that a program runs with its own copy of the SDK.
 * `PULUMI_LANGUAGE_NODEJS_RUN_PATH` names another module than `cmd/run` and `cmd/run-plugin`, as with the official host.
 * @throws Error where the program's dependencies are not installed
 */
export function resolveLauncher(launcher: "run" | "run-plugin" | "run-policy-pack", directory: string): string {
  const override = launcher === "run-policy-pack" ? undefined : process.env["PULUMI_LANGUAGE_NODEJS_RUN_PATH"];
  try {
    return createRequire(join(directory, "package.json")).resolve(override || `@pulumi/pulumi/cmd/${launcher}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    const remedy = launcher === "run" ? "pulumi install" : `npm install in ${directory}`;
    throw new Error(`It looks like the Pulumi SDK has not been installed. Have you run ${remedy}?`, { cause: error });
  }
}
