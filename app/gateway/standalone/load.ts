import { analyze } from "../../../routing/analyze/index.ts";
import { resolveEndpoints } from "../../../routing/compile/endpoints.ts";
import { compile } from "../../../routing/compile/index.ts";
import { Objects, type AnyObject } from "../../../routing/objects.ts";
import { parseYamlList } from "../../../routing/parse/yaml.ts";
import type { Endpoint, RouteTable } from "../../../routing/table.ts";
import { compareMessages, type Message } from "../../../routing/message.ts";
import { secretsIn } from "../credentials/declared-secrets.ts";
import type { SecretData } from "../credentials/secret.ts";
import { readConfig } from "./files.ts";

/** Configuration that can be served. */
export interface LoadedConfig {
  readonly table: RouteTable;
  readonly endpoints: ReadonlyMap<string, readonly Endpoint[]>;
  /** Those that stand beside the routes. */
  readonly secrets: readonly SecretData[];
  /** Warnings and the like. */
  readonly messages: readonly Message[];
}

/** Errors that one message tells in full; more are only counted. */
const SHOWN = 5;

/** Configuration cannot be served; the message says why. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Reads, checks and compiles what is at a path; every Gateway in it is served. Rejects with {@link ConfigError} where anything is wrong. */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  const list: AnyObject[] = [];
  const messages: Message[] = [];
  const secrets: SecretData[] = [];
  for (const { name, text } of await readConfig(path)) {
    const parsed = parseYamlList(text, { file: name });
    list.push(...parsed.list);
    if (parsed.list.some(({ kind }) => kind === "Secret")) secrets.push(...secretsIn(text));
    messages.push(...parsed.messages);
  }
  const objects = Objects.of(list);
  if (!objects.has("Gateway") && !objects.has("KubernetesGateway") && messages.length === 0) {
    throw new ConfigError(`Cannot serve ${path} as there is no Gateway in it`);
  }
  const compiled = compile(objects, { namespace: "default", labels: {}, every: true });
  const all = unique([...messages, ...analyze(objects), ...compiled.messages]).sort(compareMessages);
  const errors = all.filter(({ level }) => level === "Error");
  if (errors.length > 0)
    throw new ConfigError(`Cannot serve ${path}: ${errors.slice(0, SHOWN).map(line).join("; ")}${more(errors)}`);
  return { table: compiled.table, endpoints: resolveEndpoints(compiled.table, objects), secrets, messages: all };
}

function line({ code, resource, message, reference }: Message): string {
  const about = [reference, resource].filter(Boolean).join(" ");
  return `[${code}] ${about === "" ? "" : `${about}: `}${message}`;
}

function more({ length }: readonly Message[]): string {
  return length > SHOWN ? `; and ${length - SHOWN} more, which tcp-ingress analyze shows` : "";
}

/** Analysis and compilation find some things both. */
function unique(messages: readonly Message[]): Message[] {
  return [
    ...new Map(messages.map((message) => [`${message.code} ${message.resource} ${message.message}`, message])).values(),
  ];
}
