/** SARIF 2.1.0 (OASIS), as code scanning services take it. */
import { createHash } from "node:crypto";
import { isAbsolute, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { catalogue, documentationUrl, type CatalogueEntry, type Level, type Message } from "../../routing/index.ts";
import { homepage, version } from "../version.ts";

const sarifLevels = { Error: "error", Warning: "warning", Info: "note" } as const satisfies Record<Level, string>;

/** Where a reader looks for relative paths: the folder that the command ran in. */
const BASE = "%SRCROOT%";

/** One run of the analysis as a SARIF log. @param exitCode - that the command is going to end with */
export function sarifLog(messages: readonly Message[], exitCode: number): object {
  const codes = [...new Set(messages.map(({ code }) => code))].sort();
  const rules = codes.flatMap((code) => catalogue.get(code) ?? []);
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "tcp-ingress", semanticVersion: version(), informationUri: homepage, rules: rules.map(rule) },
        },
        columnKind: "utf16CodeUnits",
        invocations: [{ executionSuccessful: !messages.some(({ code }) => code === "TCP0003"), exitCode }],
        results: messages.map((message) => result(message, codes.indexOf(message.code))),
      },
    ],
  };
}

function rule({ code, name, level, meaning, remedy }: CatalogueEntry): object {
  const url = documentationUrl(code);
  return {
    id: code,
    name,
    shortDescription: { text: meaning },
    help: { text: `${meaning}\n\nWhat to do: ${remedy}`, markdown: `${meaning}\n\n**What to do:** ${remedy}` },
    // A help URI has to be absolute; our own page comes with the package.
    ...(URL.canParse(url) ? { helpUri: url } : {}),
    defaultConfiguration: { level: sarifLevels[level] },
  };
}

function result(message: Message, ruleIndex: number): object {
  const location = locationOf(message);
  return {
    ruleId: message.code,
    ruleIndex,
    level: sarifLevels[message.level],
    message: { text: message.message },
    ...(location === undefined ? {} : { locations: [location] }),
    // A finding stays the same one when lines above it come and go.
    partialFingerprints: { "messageHash/v1": fingerprint(message) },
  };
}

function locationOf({ resource, reference }: Message): object | undefined {
  const [, file = reference, line] = /^(.*):(\d+)$/.exec(reference ?? "") ?? [];
  const physical = file === undefined || file === "-" ? undefined : physicalLocation(file, Number(line ?? 1));
  if (physical === undefined && resource === "") return undefined;
  return {
    ...(physical === undefined ? {} : { physicalLocation: physical }),
    ...(resource === "" ? {} : { logicalLocations: [{ fullyQualifiedName: resource, kind: "resource" }] }),
  };
}

function physicalLocation(file: string, startLine: number): object {
  const path = isAbsolute(file) ? relative(process.cwd(), file) : file;
  const outside = path.startsWith("..") || isAbsolute(path);
  const artifactLocation = outside
    ? { uri: pathToFileURL(file).href }
    : { uri: path.split(sep).map(encodeURIComponent).join("/"), uriBaseId: BASE };
  return { artifactLocation, region: { startLine } };
}

function fingerprint({ code, resource, reference, message }: Message): string {
  const file = (reference ?? "").replace(/:\d+$/, "");
  return createHash("sha256")
    .update(JSON.stringify([code, resource, file, message]))
    .digest("hex");
}
