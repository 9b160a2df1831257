import type { Socket } from "node:net";
import type { Listener } from "../../../../../routing/table.ts";
import type { ClientFacts } from "../../record.ts";
import type { StageContext } from "../stage.ts";

/**
 * Reads what a client sends before its stream, and notes what that tells of it. The socket is paused before and after; bytes of the stream that were read are given back (`unshift`).
 * Rejects with a `StageFailure`.
 */
export type Preface = (client: Socket, facts: ClientFacts, context: StageContext) => Promise<void>;

const none: readonly Preface[] = [];

/** What a listener reads of a client before it decides on it, in order. */
export function prefacesOf(_listener: Listener, _facts: ClientFacts): readonly Preface[] {
  return none;
}
