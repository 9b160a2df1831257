import { Backend } from "./backend.ts";

/** A port that was free just now. */
export async function freePort(): Promise<number> {
  await using backend = await Backend.start();
  return backend.port;
}
