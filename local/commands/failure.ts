import { ClusterError } from "../cluster/index.ts";
import { CommandError, ToolchainError } from "../toolchain/index.ts";

/** A command that could not do what it was asked for. The message says which part and why. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  /** The file with everything that the failed step printed. */
  readonly log: string | undefined;
  /** What a person can do next. */
  readonly advice: string | undefined;

  constructor(message: string, details: { log?: string; advice?: string; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.log = details.log;
    this.advice = details.advice;
  }
}

/** What a person reads about an error: what is wrong, where the log is, what to do next. A defect of ours keeps its stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof CommandFailure || error instanceof ToolchainError || error instanceof ClusterError) {
    const log = error.log === undefined ? [] : [`Log: ${error.log}`];
    const advice = error.advice === undefined ? [] : [`Try: ${error.advice}`];
    return [error.message, ...log, ...advice].join("\n");
  }
  if (error instanceof CommandError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
