import type { Socket } from "node:net";
import type { Preface } from "../preface/preface.ts";
import type { ClientFacts } from "../record.ts";
import { closedEarly } from "../stage-failure.ts";
import type { StageContext } from "./stage.ts";

/**
 * Reads what a paused socket begins with; it is paused again then, and what is no part of the preface is given back (`unshift`).
 *
 * @throws {StageFailure} where the preface does, where the client ends its direction before, or the connection is over
 */
export function readPreface(
  client: Socket,
  preface: Preface,
  facts: ClientFacts,
  { clock, signal }: StageContext,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let chunks: Buffer[] = [];
  let received = 0;
  let wanted = 1;

  const stop = (): void => {
    client.pause().off("data", take).off("end", closed);
    signal.removeEventListener("abort", closed);
    cancelTimeout();
  };
  const settle = (rest: Buffer): void => {
    stop();
    if (rest.length > 0) client.unshift(rest);
    resolve(undefined);
  };
  const take = (chunk: Buffer): void => {
    chunks.push(chunk);
    received += chunk.length;
    if (received < wanted) return;
    const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, received);
    chunks = [bytes];
    try {
      const verdict = preface.read(bytes, facts);
      if ("wanted" in verdict) wanted = verdict.wanted;
      else settle(bytes.subarray(verdict.taken));
    } catch (error) {
      stop();
      reject(error as Error);
    }
  };
  const closed = (): void => {
    stop();
    reject(closedEarly(received));
  };
  const cancelTimeout = clock.after(preface.timeout, () => {
    try {
      preface.expire(received);
      settle(Buffer.concat(chunks, received));
    } catch (error) {
      stop();
      reject(error as Error);
    }
  });

  signal.addEventListener("abort", closed);
  client.on("data", take).on("end", closed).resume();
  return promise;
}
