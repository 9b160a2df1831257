export interface AnalyzeOptions {
  /** The objects are the whole cluster: what is not among them does not exist, and no check is skipped. */
  readonly complete?: boolean;
}
