/** One line of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples among lines of Prometheus' text format (prometheus.io, "Exposition formats"); comments and what is no sample are left out. */
export function readSamples(lines: readonly string[]): Sample[] {
  return lines.flatMap((line) => {
    const [, name, labels = "", value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    return { name, labels: readLabels(labels), value: Number(value) };
  });
}

function readLabels(text: string): Record<string, string> {
  const labels = text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g);
  return Object.fromEntries([...labels].map(([, name = "", value = ""]) => [name, value.replace(/\\(["\\])/g, "$1")]));
}
