import type { Socket } from "node:net";
import { StageFailure, type StageContext } from "../stage.ts";

/** What the bytes so far are to who asked for them. */
export type Verdict<Result> =
  /** Too few: ask again with all of them once there are so many. */
  | { readonly wanted: number }
  /** Enough; those behind `taken` are given back to the socket. */
  | { readonly result: Result; readonly taken: number };

export type FirstBytes<Result> =
  | { readonly kind: "read"; readonly result: Result }
  /** Not enough came in time; all that did is given back. */
  | { readonly kind: "timeout"; readonly received: number };

/**
 * Reads what a paused socket begins with, until `judge` has enough; it is paused again then. How many bytes are held at most is the judge's to say.
 *
 * @param timeout - milliseconds
 * @throws {StageFailure} where the client ends its direction before that, or the connection is over
 */
export function readFirstBytes<Result>(
  client: Socket,
  timeout: number,
  { clock, signal }: StageContext,
  judge: (bytes: Buffer) => Verdict<Result>,
): Promise<FirstBytes<Result>> {
  const { promise, resolve, reject } = Promise.withResolvers<FirstBytes<Result>>();
  let chunks: Buffer[] = [];
  let received = 0;
  let wanted = 1;

  const stop = (): void => {
    client.pause().off("data", take).off("end", closed);
    signal.removeEventListener("abort", closed);
    cancelTimeout();
  };
  const giveBack = (rest: Buffer): void => {
    if (rest.length > 0) client.unshift(rest);
  };
  const take = (chunk: Buffer): void => {
    chunks.push(chunk);
    received += chunk.length;
    if (received < wanted) return;
    const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, received);
    chunks = [bytes];
    let verdict: Verdict<Result>;
    try {
      verdict = judge(bytes);
    } catch (error) {
      stop();
      reject(error as Error);
      return;
    }
    if ("wanted" in verdict) {
      wanted = verdict.wanted;
      return;
    }
    stop();
    giveBack(bytes.subarray(verdict.taken));
    resolve({ kind: "read", result: verdict.result });
  };
  const closed = (): void => {
    stop();
    reject(
      new StageFailure("client_closed_early", `The client closed after ${received} bytes, before its stream began`),
    );
  };
  const cancelTimeout = clock.after(timeout, () => {
    stop();
    giveBack(Buffer.concat(chunks, received));
    resolve({ kind: "timeout", received });
  });

  signal.addEventListener("abort", closed);
  client.on("data", take).on("end", closed).resume();
  return promise;
}
