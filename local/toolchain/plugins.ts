import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { realpath } from "node:fs/promises";
import { exists, logFile } from "./cache.ts";
import { findProgram } from "./find.ts";
import { isReachable } from "./network.ts";
import { CommandError, run } from "./process.ts";
import type { Progress } from "./progress.ts";

/** Our stand-ins for what only official downloads have, as executables. */
const standIns = join(import.meta.dirname, "..", "plugins", "bin");

/** What runs our programs and their dynamic providers, and what sees their files change. All come with official Pulumi CLIs, and beside them. */
const companions = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs", "pulumi-watch"];

/** The providers that the stack program uses; their plugins have the versions of the packages. */
const providers = ["kubernetes", "docker"];

/** Where the Pulumi CLI looks for plugins' downloads. */
const pluginSite = "https://get.pulumi.com/";

/**
 * Programs that the Pulumi CLI needs beside itself, by name: the official ones where they are installed or can be, else our stand-ins. A plugin that
 * the CLI finds by itself is not among them.
 *
 * @param pulumi the CLI
 */
export async function pulumiPlugins(pulumi: string, progress: Progress): Promise<Map<string, string>> {
  const programs = new Map<string, string>();
  const folder = dirname(await realpath(pulumi));
  for (const program of companions) {
    const beside = join(folder, program);
    programs.set(program, (await exists(beside)) ? beside : ((await findProgram(program)) ?? join(standIns, program)));
  }
  for (const provider of providers) {
    const program = `pulumi-resource-${provider}`;
    if (await official(pulumi, provider, progress)) continue;
    programs.set(program, (await findProgram(program)) ?? join(standIns, program));
  }
  return programs;
}

/** Whether the official plugin is installed where the CLI looks; installs it where the network allows. */
async function official(pulumi: string, provider: string, progress: Progress): Promise<boolean> {
  const version = packageVersion(`@pulumi/${provider}`);
  const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  if (await exists(join(home, "plugins", `resource-${provider}-v${version}`))) return true;
  if (!(await isReachable(pluginSite, progress.signal))) return false;
  return progress.step(`Pulumi plugin ${provider}`, async (step) => {
    step.note(version);
    const options = { log: logFile(`plugin-${provider}`), signal: progress.signal };
    try {
      await run(pulumi, ["plugin", "install", "resource", provider, version], options);
      return true;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      step.note("not to be had, our stand-in takes its place");
      return false;
    }
  });
}

function packageVersion(name: string): string {
  const manifest = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
  return manifest.version;
}
