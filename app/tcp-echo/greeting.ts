/** Names of the environment variables that the greeting speaks of, each with its line, in the order in which they are said. */
const lines: readonly (readonly [variable: string, line: (value: string) => string])[] = [
  ["NODE_NAME", (value) => `Welcome, you are connected to node ${value}.`],
  ["POD_NAME", (value) => `Running on Pod ${value}.`],
  ["POD_NAMESPACE", (value) => `In namespace ${value}.`],
  ["POD_IP", (value) => `With IP address ${value}.`],
  ["SERVICE_ACCOUNT", (value) => `Service ${value}.`],
];

/** What a client is told at once: one line for each variable that is set and not empty; "" if none is. */
export function greeting(environment: Readonly<Record<string, string | undefined>>): string {
  return lines
    .map(([variable, line]) => [environment[variable], line] as const)
    .map(([value, line]) => (value ? `${line(value)}\n` : ""))
    .join("");
}
