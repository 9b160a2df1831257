/** A tool that could not be made ready. The message says which and why. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
  /** The file with everything that the failed step printed. */
  readonly log: string;
  /** What a person can do next. */
  readonly advice: string;

  constructor(message: string, log: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.log = log;
    this.advice = advice;
  }
}
