import { Command } from "commander";

/** What a command's help says beside its options. */
export interface CommandTexts {
  /** One line in the list of commands. */
  readonly summary: string;
  /** Paragraphs, parted by an empty line. */
  readonly description?: string;
  /** A command line each, and what it is for. */
  readonly examples: readonly (readonly [string, string])[];
  /** Exit statuses. */
  readonly exit: string;
}

/** A command with help that is built alike everywhere. */
export function createCommand(name: string, { summary, description = summary, examples, exit }: CommandTexts): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, purpose]) => `  ${line.padEnd(width)}  # ${purpose}`);
  return new Command(name)
    .summary(summary)
    .description(description.replace(/(?<!\n)\n(?!\n)/g, " "))
    .addHelpText("after", ["", "Examples:", ...lines, "", `Exit status: ${exit}`].join("\n"));
}
