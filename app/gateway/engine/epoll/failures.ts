import { errno, errorName } from "../../native/errno.ts";

/** A failed call in Node's words: `read ECONNRESET`. */
export function describeFailure(call: string, error: number): string {
  return `${call} ${errorName(error)}`;
}

/** Whether the kernel has no memory for what was asked just now, though nothing is wrong with the socket. */
export function isShortage(error: number): boolean {
  return error === errno.ENOBUFS || error === errno.ENOMEM;
}
