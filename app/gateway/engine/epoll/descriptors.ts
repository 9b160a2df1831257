import type { Libc } from "../../native/libc.ts";
import { kind } from "./fds.ts";

/** Descriptors that one process may have at most, as Linux has it by default (proc(5), fs.nr_open). */
const MAX_DESCRIPTORS = 1_048_576;

/** A byte for each descriptor that a loop may hold: what it is, or 0. Memory is used where it is written to, so that this is a page for each 4,096 descriptors. */
export function createDescriptors(): SharedArrayBuffer {
  return new SharedArrayBuffer(MAX_DESCRIPTORS);
}

/** Closes all that a loop held whose thread is gone: they are not Node's, which closes its own. */
export function closeDescriptors(descriptors: SharedArrayBuffer, libc: Pick<Libc, "close">): void {
  const kinds = new Uint8Array(descriptors);
  for (const [fd, is] of kinds.entries()) {
    // Who calls has its own end of that.
    if (is === kind.free || is === kind.wake) continue;
    kinds[fd] = kind.free;
    libc.close(fd);
  }
}
