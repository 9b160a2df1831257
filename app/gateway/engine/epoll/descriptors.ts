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
  // Four at a time, as most are none.
  const words = new Uint32Array(descriptors);
  for (let word = 0; word < words.length; word++) {
    if (words[word] === 0) continue;
    for (let fd = 4 * word; fd < 4 * word + 4; fd++) {
      // Who calls has its own end of a wake.
      if (kinds[fd] === kind.free || kinds[fd] === kind.wake) continue;
      kinds[fd] = kind.free;
      libc.close(fd);
    }
  }
}
