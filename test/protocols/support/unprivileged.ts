import { getuid } from "node:process";

/** The user and group that {@link unprivileged} programs are, where the tests run as root. */
export const UNPRIVILEGED_ID = 1000;

/**
 * A command for a program that refuses root. In a user namespace it is somebody else to itself, and who it was to the files around it (user_namespaces(7)), so that
 * the toolchain's cache need not be opened to others. Where the tests don't run as root, it is the command itself.
 */
export function unprivileged(command: string, args: readonly string[]): [command: string, args: string[]] {
  if (getuid?.() !== 0) return [command, [...args]];
  return ["unshare", [`--map-user=${UNPRIVILEGED_ID}`, `--map-group=${UNPRIVILEGED_ID}`, command, ...args]];
}
