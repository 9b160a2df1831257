import { existsSync } from "node:fs";
import { join } from "node:path";
import { CommandFailure } from "./failure.ts";
import { repository } from "./paths.ts";

/** What Pulumi is told of the policy pack. */
export interface PolicyChoice {
  readonly flags: readonly string[];
  /** The same for people: `Policy pack: policy/ as policy/prod.json configures it`. */
  readonly notice: string;
}

/**
 * The policy pack as an environment configures it, by `policy/STACK.json`; where there is no such file each policy has its defaults.
 *
 * @param stack its name, perhaps with its organization and project before slashes
 */
export function choosePolicy(stack: string, folder = repository): PolicyChoice {
  const file = `policy/${stack.split("/").at(-1) ?? stack}.json`;
  const config = join(folder, file);
  const pack = ["--policy-pack", join(folder, "policy")];
  return existsSync(config)
    ? { flags: [...pack, "--policy-pack-config", config], notice: `Policy pack: policy/ as ${file} configures it` }
    : { flags: pack, notice: `Policy pack: policy/ with its defaults, as there is no ${file}` };
}

/** `--skip-preview`, or `-f` alone or among other short flags of `pulumi up` that take no value. */
const skipsPreview = /^(--skip-preview(=(?!false$).*)?|-[djry]*f[djfry]*)$/;

/**
 * Holds a deployment to its preview: policies over the whole stack are judged at the end of a preview and of an update, and without the preview everything would be there by then.
 *
 * @throws {CommandFailure} where a flag leaves the preview out
 */
export function requirePreview(flags: readonly string[]): void {
  const flag = flags.find((each) => skipsPreview.test(each));
  if (flag === undefined) return;
  throw new CommandFailure(
    `Cannot deploy with ${flag} as policies over the whole stack stop a deployment in its preview, before anything is created`,
    { advice: "Leave it out; --yes goes on without a question after a preview that passes" },
  );
}
