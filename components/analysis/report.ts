import * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../../routing/assume/index.ts";
import { formatChange, type Change } from "../../routing/compare/index.ts";
import { catalogue, compareMessages, type Message } from "../../routing/index.ts";

/** Where findings are shown: Pulumi's log, but in tests. */
export interface Log {
  error(text: string, resource?: pulumi.Resource): unknown;
  warn(text: string, resource?: pulumi.Resource): unknown;
  info(text: string, resource?: pulumi.Resource): unknown;
}

/** What was found, and what could not be looked at. */
export interface Findings {
  readonly messages: readonly Message[];
  /** The components by the name that messages have for their object, as far as Pulumi has registered them. */
  readonly resources: ReadonlyMap<string, pulumi.Resource>;
  /** Names of objects of which some values must not be shown. */
  readonly secrets: ReadonlySet<string>;
  /** What the deployment changes for those who connect. */
  readonly changes: readonly Change[];
  /** Objects of which some values are not known yet, or which refer to such. */
  readonly unchecked: readonly Identity[];
  /** What others have to bring: `that pg.payments.svc.cluster.local exists`. */
  readonly assumed: readonly string[];
}

const levels = { Error: "error", Warning: "warn", Info: "info" } as const;

/**
 * Shows all messages at the components that they are about; one Info says what could not be checked and, where nothing is wrong, another what changes. Returns the number of
 * errors.
 */
export function report({ messages, resources, secrets, changes, unchecked, assumed }: Findings, log: Log): number {
  for (const message of [...messages].sort(compareMessages)) {
    // Remarks are for `tcp-ingress analyze`, but for the fields that have no effect.
    if (message.level === "Info" && message.code !== "TCP0001") continue;
    log[levels[message.level]](textOf(message, secrets), resources.get(message.resource));
  }
  const gaps = [
    ...unchecked.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name} before all its values are known`),
    ...assumed.map((gap) => `${gap}, which others declare`),
  ];
  if (gaps.length > 0) log.info(`Cannot check ${abbreviate(gaps).join(", nor ")}`);
  const errors = messages.filter(({ level }) => level === "Error").length;
  if (errors === 0 && changes.length > 0) log.info(["Routes:", ...changes.map(formatChange)].join("\n  "));
  return errors;
}

const shown = 10;

function abbreviate(gaps: readonly string[]): readonly string[] {
  return gaps.length > shown ? [...gaps.slice(0, shown), `${gaps.length - shown} more of the kind`] : gaps;
}

function textOf({ code, name, resource, reference, message, documentationUrl }: Message, secrets: ReadonlySet<string>) {
  const entry = catalogue.get(code);
  // Most messages quote values.
  const text = secrets.has(resource) ? `${name}. ${entry?.meaning ?? ""}` : message;
  const sentence = /[.!?]$/.test(text) ? text : `${text}.`;
  // Messages of our own say what to do; Istio's are Istio's words.
  const remedy = code.startsWith("IST") ? ` ${entry?.remedy ?? ""}` : "";
  const place = reference === undefined || reference === resource ? "" : ` (${reference})`;
  return `${resource}${place}: ${sentence}${remedy} [${code}, ${documentationUrl}]`;
}
