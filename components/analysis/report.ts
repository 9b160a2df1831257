import * as pulumi from "@pulumi/pulumi";
import { catalogue, compareMessages, type Message } from "../../routing/index.ts";
import type { Identity } from "./undecided.ts";

/** Where findings are shown: Pulumi's log, but in tests. */
export interface Log {
  error(text: string, resource?: pulumi.Resource): unknown;
  warn(text: string, resource?: pulumi.Resource): unknown;
  info(text: string, resource?: pulumi.Resource): unknown;
}

/** What was found, and what could not be looked at. */
export interface Findings {
  readonly messages: readonly Message[];
  /** The components by what their messages have as a reference, as far as Pulumi has registered them. */
  readonly resources: ReadonlyMap<string, pulumi.Resource>;
  /** Objects of which some values are not known yet, or which refer to such. */
  readonly unchecked: readonly Identity[];
  /** Hosts that others have to bring. */
  readonly hosts: readonly string[];
}

const levels = { Error: "error", Warning: "warn", Info: "info" } as const;

/** Shows all messages at the components that they are about; in a preview one Info says what could not be checked. Returns the number of errors. */
export function report({ messages, resources, unchecked, hosts }: Findings, log: Log): number {
  for (const message of [...messages].sort(compareMessages)) {
    // Remarks are for `tcp-ingress analyze`, but for the fields that have no effect.
    if (message.level === "Info" && message.code !== "TCP0001") continue;
    log[levels[message.level]](textOf(message), resources.get(message.reference ?? ""));
  }
  const gaps = [
    ...unchecked.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name} before all its values are known`),
    ...hosts.map((host) => `that ${host} exists, which others declare`),
  ];
  if (gaps.length > 0) log.info(`Cannot check ${gaps.join(", nor ")}`);
  return messages.filter(({ level }) => level === "Error").length;
}

function textOf({ code, resource, message, documentationUrl }: Message): string {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  // Messages of our own say what to do; Istio's are Istio's words.
  const remedy = code.startsWith("IST") ? ` ${catalogue.get(code)?.remedy ?? ""}` : "";
  return `${resource}: ${sentence}${remedy} [${code}, ${documentationUrl}]`;
}
