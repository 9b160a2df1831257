import { constants } from "node:os";
import { getSystemErrorMap } from "node:util";

/** errno(3): numbers of this machine, by name. */
export const errno = constants.errno;

/** `ECONNRESET`; `errno 4711` where this machine has no name for it. */
export function errorName(number: number): string {
  return getSystemErrorMap().get(-number)?.[0] ?? `errno ${number}`;
}

/** As Node's own errors are: `code` is the name. */
export function systemError(syscall: string, number: number): NodeJS.ErrnoException {
  const code = errorName(number);
  const meaning = getSystemErrorMap().get(-number)?.[1] ?? "unknown error";
  return Object.assign(new Error(`${syscall} ${code}: ${meaning}`), { code, errno: -number, syscall });
}
