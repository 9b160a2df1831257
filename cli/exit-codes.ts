/** What scripts rely on. */
export const exitCodes = {
  /** Nothing that should fail a build. */
  fine: 0,
  /** A message of the level that fails. */
  failed: 1,
  /** Input that cannot be read, or options that make no sense. */
  unreadable: 2,
} as const;
