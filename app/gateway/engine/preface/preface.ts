import type { ClientFacts } from "../record.ts";

/** What the bytes so far are. */
export type Verdict =
  /** Too few: ask again with all of them once there are so many. */
  | { readonly wanted: number }
  /** Enough; what is behind `taken` is the client's stream. */
  | { readonly taken: number };

/** Something that a client sends before its stream, or that its stream begins with. */
export interface Preface {
  /** Milliseconds in which it has to be there. */
  readonly timeout: number;
  /**
   * Reads a client's first bytes, all that came so far, and notes what they tell of it. How many are held at most is this one's to say.
   *
   * @throws {StageFailure} where they are not what they have to be
   */
  read(bytes: Buffer, facts: ClientFacts): Verdict;
  /**
   * The time is over; returns where the connection may go on without.
   *
   * @param received - bytes that came
   * @throws {StageFailure}
   */
  expire(received: number): void;
}
