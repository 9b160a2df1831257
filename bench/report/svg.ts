/** A bar of a chart. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Where values lay, least and greatest; a line on the bar. */
  readonly range?: readonly [number, number] | undefined;
  /** What stands behind the bar: first the word that counts, then the rest. */
  readonly text: readonly [strong: string, faint: string];
  readonly kind: "ours" | "also" | "peer" | "direct";
}

export interface BarChart {
  /** For those who do not see it. */
  readonly description: string;
  readonly bars: readonly Bar[];
  /** A value that a line goes through. */
  readonly reference?: number | undefined;
}

const WIDTH = 460;
const ROW = 24;
const LEFT = 104;
const RIGHT = 138;

/** Horizontal bars from zero, as SVG without a style of its own: classes are those of the page. */
export function barChart({ description, bars, reference }: BarChart): string {
  const most = Math.max(...bars.flatMap(({ value, range }) => [value, range?.[1] ?? 0]), reference ?? 0);
  const x = (value: number): number => LEFT + (most > 0 ? (value / most) * (WIDTH - LEFT - RIGHT) : 0);
  const height = bars.length * ROW + 6;
  const line =
    reference === undefined
      ? ""
      : `<line class="reference" x1="${round(x(reference))}" x2="${round(x(reference))}" y1="0" y2="${height}"/>`;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(description)}">${line}${bars
    .map((bar, index) => drawBar(bar, index * ROW + 3, x))
    .join("")}</svg>`;
}

function drawBar(
  { label, value, range, text: [strong, faint], kind }: Bar,
  y: number,
  x: (value: number) => number,
): string {
  const middle = y + ROW / 2 - 1;
  const [least, greatest] = range ?? [value, value];
  const whisker =
    greatest > least
      ? `<path class="range" d="M${round(x(least))} ${middle - 3}v6m0-3H${round(x(greatest))}m0-3v6"/>`
      : "";
  const end = round(Math.max(x(value), x(greatest)) + 7);
  return (
    `<g class="${kind}"><text class="label" x="${LEFT - 8}" y="${middle + 4}">${escape(label)}</text>` +
    `<rect x="${LEFT}" y="${y + 3}" width="${round(Math.max(x(value) - LEFT, 1))}" height="${ROW - 8}" rx="2"/>${whisker}` +
    `<text x="${end}" y="${middle + 4}"><tspan class="strong">${escape(strong)}</tspan><tspan class="faint" dx="6">${escape(faint)}</tspan></text></g>`
  );
}

function round(value: number): string {
  return value.toFixed(1);
}

/** Text as it may stand in HTML and SVG. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
