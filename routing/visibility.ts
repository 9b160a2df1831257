/** Whether `exportTo` lets an object of one namespace be seen from another; without any it is seen everywhere. */
export function isExported(exportTo: readonly string[] | undefined, from: string, to: string): boolean {
  if (exportTo === undefined || exportTo.length === 0) return true;
  return exportTo.some((name) => name === "*" || name === to || (name === "." && from === to));
}
