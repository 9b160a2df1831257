/** A cluster that could not be brought up or taken down. The message says which and why. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
  /** The file or folder with everything that was printed, where there is one. */
  readonly log: string | undefined;
  /** What a person can do next. */
  readonly advice: string;

  constructor(message: string, advice: string, log?: string) {
    super(message);
    this.advice = advice;
    this.log = log;
  }
}
