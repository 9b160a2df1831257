/** How the settings of two policies differ. */

/**
 * `idleTimeout 1h → 30s, maxConnections none → 100`: each field that differs, by its name.
 *
 * @param before settings as the route table has them; times in milliseconds
 */
export function settingsChange(before: object, after: object): string {
  const [old, now] = [flatten(before), flatten(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => old.get(field) !== now.get(field))
    .map((field) => `${field} ${old.get(field) ?? "none"} → ${now.get(field) ?? "none"}`)
    .join(", ");
}

function flatten(settings: object, prefix = ""): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(settings) as [string, unknown][]) {
    if (value === undefined) continue;
    if (typeof value !== "object" || value === null) {
      fields.set(prefix + name, format(prefix + name, value));
    } else if (Array.isArray(value) && value.every((item) => typeof item !== "object")) {
      if (value.length > 0) fields.set(prefix + name, value.join(" "));
    } else {
      for (const [inner, text] of flatten(value, `${prefix}${name}.`)) fields.set(inner, text);
    }
  }
  return fields;
}

/** The route table's times that are numbers. */
const times = /(timeout|duration|interval|time|after)$/i;

function format(field: string, value: unknown): string {
  return typeof value === "number" && times.test(field) ? formatDuration(value) : String(value);
}

/** In Go's notation, as it is declared. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return "0s";
  const units = [
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
    ["ms", 1],
  ] as const;
  let left = milliseconds;
  let text = "";
  for (const [unit, size] of units) {
    const count = unit === "ms" ? left : Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return text;
}
