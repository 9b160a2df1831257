import * as z from "zod";
import { claimSchema, type Claim } from "../../routing/claims.ts";
import { parseEngineChoice, type EngineChoice } from "./engine/choose.ts";
import type { AccessLogSettings } from "./log/access-log.ts";
import { logLevels, type LogLevel } from "./log/logger.ts";
import { readAccessLog } from "./log/settings.ts";

/** What the container is told by its environment: the contract with the IngressGateway component. */
export interface Environment {
  readonly podName: string;
  readonly podNamespace: string;
  /** `NODE_NAME`; undefined: no endpoint is nearer than another. */
  readonly nodeName: string | undefined;
  /** `GATEWAY_LABELS`: the pod's labels, as JSON. */
  readonly labels: Readonly<Record<string, string>>;
  /** `GATEWAY_SERVICE`: the Service in front of the pods. */
  readonly service: string | undefined;
  /** `WATCH_NAMESPACES`: comma-separated; empty: all. */
  readonly watchNamespaces: readonly string[];
  /** `CLAIMS`: which namespaces may use which port, as JSON; none by default. */
  readonly claims: readonly Claim[];
  /** `COEXIST`: `separate` where a real Istio shares the cluster, else `none`, the default. */
  readonly separate: boolean;
  readonly logLevel: LogLevel;
  /** `ACCESS_LOG`, `ACCESS_LOG_FORMAT`, `ACCESS_LOG_START`. */
  readonly accessLog: AccessLogSettings;
  /** `METRICS_ENDPOINTS`: whether each endpoint has series of its own; `true` by default. */
  readonly endpointMetrics: boolean;
  /** Milliseconds; `DRAIN_GRACE_SECONDS`, 5 by default. */
  readonly drainGrace: number;
  /** Milliseconds; `DRAIN_SECONDS`, 45 by default. */
  readonly drainLimit: number;
  /** Milliseconds; `KEEPALIVE_SECONDS`, none by default and by 0: silence after which a peer is probed at the latest. */
  readonly keepalive: number | undefined;
  /** `SNAPSHOT_DIR`. */
  readonly snapshotDir: string;
  readonly engine: EngineChoice;
  /** `GATEWAY_WORKERS`; undefined: one for each core that the container's CPU limit allows. */
  readonly workers: number | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Throws with the variable's name and what it may be. */
export function readEnvironment(variables: Variables): Environment {
  return {
    podName: required(variables, "POD_NAME"),
    podNamespace: required(variables, "POD_NAMESPACE"),
    nodeName: variables["NODE_NAME"] || undefined,
    labels: readLabels(variables["GATEWAY_LABELS"]),
    service: variables["GATEWAY_SERVICE"] || undefined,
    watchNamespaces: (variables["WATCH_NAMESPACES"] ?? "").split(",").flatMap((name) => name.trim() || []),
    claims: readClaims(variables["CLAIMS"] || "[]"),
    separate: readCoexistence(variables["COEXIST"] || "none"),
    logLevel: readLevel(variables["LOG_LEVEL"] || "info"),
    accessLog: readAccessLog(variables),
    endpointMetrics: readSwitch(variables, "METRICS_ENDPOINTS", true),
    drainGrace: readSeconds(variables, "DRAIN_GRACE_SECONDS", 5),
    drainLimit: readSeconds(variables, "DRAIN_SECONDS", 45),
    keepalive: readSeconds(variables, "KEEPALIVE_SECONDS", 0) || undefined,
    snapshotDir: variables["SNAPSHOT_DIR"] || "/var/lib/gateway",
    engine: parseEngineChoice(variables["GATEWAY_ENGINE"] || "auto"),
    workers: readWorkers(variables["GATEWAY_WORKERS"]),
  };
}

function required(variables: Variables, name: string): string {
  const value = variables[name];
  if (!value) throw new Error(`Cannot start as ${name} is not set: give it by the downward API`);
  return value;
}

function readLabels(text: string | undefined): Readonly<Record<string, string>> {
  const wrong = new Error(
    `Cannot start as GATEWAY_LABELS is ${JSON.stringify(text)}: set it to the pod's labels as a JSON object of strings`,
  );
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    throw wrong;
  }
  if (typeof value !== "object" || value === null || !Object.values(value).every((label) => typeof label === "string"))
    throw wrong;
  return value as Readonly<Record<string, string>>;
}

function readClaims(text: string): readonly Claim[] {
  const wrong = (what: string): Error => new Error(`Cannot start as CLAIMS ${what}: set it to a JSON list of claims`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong(`is ${JSON.stringify(text)}`);
  }
  const { success, data, error } = z.array(claimSchema).safeParse(value);
  if (!success) throw wrong(error.issues.map(({ path, message }) => `at ${path.join(".")}: ${message}`).join(", "));
  return data;
}

function readCoexistence(text: string): boolean {
  if (text === "separate" || text === "none") return text === "separate";
  throw new Error(`Cannot start as COEXIST is ${JSON.stringify(text)}: choose one of separate, none`);
}

function readSwitch(variables: Variables, name: string, fallback: boolean): boolean {
  const text = variables[name] || String(fallback);
  if (text === "true" || text === "false") return text === "true";
  throw new Error(`Cannot start as ${name} is ${JSON.stringify(text)}: choose one of true, false`);
}

function readLevel(text: string): LogLevel {
  const level = logLevels.find((candidate) => candidate === text);
  if (level === undefined)
    throw new Error(`Cannot start as LOG_LEVEL is ${JSON.stringify(text)}: choose one of ${logLevels.join(", ")}`);
  return level;
}

function readWorkers(text: string | undefined): number | undefined {
  if (!text) return undefined;
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new Error(`Cannot start as GATEWAY_WORKERS is ${JSON.stringify(text)}: set it to a number from 1 to 999`);
  return Number(text);
}

function readSeconds(variables: Variables, name: string, fallback: number): number {
  const text = variables[name] || String(fallback);
  if (!/^\d+(\.\d+)?$/.test(text))
    throw new Error(`Cannot start as ${name} is ${JSON.stringify(text)}: set it to a number of seconds`);
  return Number(text) * 1000;
}
