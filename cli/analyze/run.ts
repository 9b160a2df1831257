import { analyze, compareMessages, Objects } from "../../routing/index.ts";
import type { AnalyzeOptions } from "../analyze.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatGroups } from "../output/groups.ts";
import { formatMessage } from "../output/lines.ts";
import { Progress } from "../output/progress.ts";
import { styleFor } from "../output/style.ts";
import { formatSummary, type Summary } from "../output/summary.ts";
import { plural } from "../output/words.ts";
import type { Live } from "./live.ts";
import { applyOver } from "./overlay.ts";
import { parseSources } from "./parse.ts";
import { isAskedFor, isAtLeast } from "./select.ts";
import { readSources } from "./sources.ts";
import { suppressor } from "./suppress.ts";

/** What analysis said, and of what. */
interface Report extends Pick<Summary, "messages" | "suppressed" | "scope"> {
  /** Something could not be read. */
  readonly unreadable: boolean;
}

/** Analyzes and prints; the exit status says how it went. */
export async function run(paths: readonly string[], options: AnalyzeOptions): Promise<void> {
  const report = await analyzeAll(paths, options);
  process.exitCode = verdict(report, options);
  const shown = report.messages.filter(({ level }) => isAtLeast(level, options.outputThreshold));
  if (options.output === "json") console.log(JSON.stringify(shown, undefined, 2));
  else if (options.output === "sarif") {
    const { sarifLog } = await import("../output/sarif.ts");
    console.log(JSON.stringify(sarifLog(shown, process.exitCode), undefined, 2));
  } else printText({ ...report, messages: shown, hidden: report.messages.length - shown.length }, options);
}

async function analyzeAll(paths: readonly string[], options: AnalyzeOptions): Promise<Report> {
  using progress = new Progress();
  const { sources, messages: unread } = await readSources(paths);
  const live = options.cluster === true ? await readCluster(options, progress) : undefined;
  const namespace = options.namespace ?? live?.namespace ?? "default";
  const declared = parseSources(sources, namespace, progress);
  const objects = Objects.of(applyOver(live?.list ?? [], declared.list));
  progress.show("Analyzing");
  const complete = options.complete === true || live !== undefined;
  const found = [
    ...unread,
    ...declared.messages,
    ...(live?.messages ?? []),
    ...analyze(objects, { complete, unread: live?.unread ?? [] }),
  ];
  const everywhere = live === undefined || options.allNamespaces === true;
  const asked = everywhere ? found : found.filter((message) => isAskedFor(message, namespace));
  const isSuppressed = suppressor(options.suppress, objects, namespace);
  const messages = asked.filter((message) => !isSuppressed(message)).sort(compareMessages);
  return {
    messages,
    suppressed: asked.length - messages.length,
    unreadable: found.some(({ code }) => code === "TCP0003"),
    scope: [
      ...(paths.length === 0 ? [] : [plural(sources.length, "file")]),
      ...(live === undefined ? [] : [`${everywhere ? "all namespaces" : `namespace ${namespace}`} of ${live.title}`]),
    ].join(" over "),
  };
}

/** The client of the API server takes a while to load: only who asks for a cluster waits for it. */
async function readCluster(
  options: AnalyzeOptions,
  progress: Progress,
): Promise<Live & { title: string; namespace: string }> {
  const [{ connect }, { readLive }] = await Promise.all([import("../cluster/connect.ts"), import("./live.ts")]);
  const connection = connect(options);
  const live = await readLive(connection, options.namespace ?? connection.namespace, progress);
  return { ...live, title: connection.title, namespace: connection.namespace };
}

function verdict({ messages, unreadable }: Report, { failOn }: AnalyzeOptions): number {
  if (unreadable) return exitCodes.unreadable;
  return messages.some(({ level }) => isAtLeast(level, failOn)) ? exitCodes.failed : exitCodes.fine;
}

function printText(summary: Summary, { color }: AnalyzeOptions): void {
  const style = styleFor(color, process.stdout);
  const { isTTY, columns = 80 } = process.stdout;
  const lines = isTTY
    ? formatGroups(summary.messages, style, columns)
    : summary.messages.map((message) => formatMessage(message, style));
  console.log([...lines, formatSummary(summary, style)].join("\n"));
}
