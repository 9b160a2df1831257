import { acquireLock } from "../toolchain/index.ts";
import { localFolder } from "./paths.ts";

/** Lets one command at a time work on stack `local` and its cluster. */
export function lockLocal(signal: AbortSignal): Promise<AsyncDisposable> {
  return acquireLock(localFolder, {
    signal,
    onWait: (holder) => {
      console.error(`Waiting for process ${String(holder)}, which works on stack local`);
    },
  });
}
