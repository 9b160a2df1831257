import { createHash } from "node:crypto";
import type { TrafficPolicy } from "../../../routing/table.ts";
import type { Backend } from "./backend.ts";
import type { Client } from "./client.ts";
import type { Rig } from "./engines.ts";

/** Bytes whose every position shows. */
export function pattern(length: number): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let index = 0; index < words.length; index++) words[index] = Math.imul(index + 1, 2654435761);
  return Buffer.from(words.buffer, 0, length);
}

/** The same for the same bytes. */
export const digest = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** A client and the upstream's end of its connection. */
export async function pair(
  rig: Rig,
  backend: Backend,
  policy: Partial<TrafficPolicy> = {},
): Promise<{ client: Client; server: Client }> {
  await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint], policy }] }] });
  const client = await rig.connect(1);
  return { client, server: await backend.next() };
}

/** The two ends of a connection, either of which may be the one that a test is about. */
export const bothWays = [
  ["client", "server"],
  ["server", "client"],
] as const;
