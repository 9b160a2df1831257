import * as pulumi from "@pulumi/pulumi";
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
  /** The components by what their messages have as a reference, as far as Pulumi has registered them. */
  readonly resources: ReadonlyMap<string, pulumi.Resource>;
  /** Names of components with values that are not known yet. */
  readonly unknown: readonly string[];
  /** Hosts that others have to bring. */
  readonly hosts: readonly string[];
}

const levels = { Error: "error", Warning: "warn", Info: "info" } as const;

/** Shows all messages at the components that they are about; in a preview one Info says what could not be checked. Returns the number of errors. */
export function report({ messages, resources, unknown, hosts }: Findings, log: Log): number {
  for (const message of [...messages].sort(compareMessages)) {
    // A stack never holds everything; what that leaves unchecked is said below, once.
    if (message.code === "TCP0004") continue;
    log[levels[message.level]](textOf(message), resources.get(message.reference ?? ""));
  }
  const unchecked = [
    ...(unknown.length === 0 ? [] : [`${unknown.join(", ")}, as some of their values are not known yet`]),
    ...(hosts.length === 0 ? [] : [`whether ${hosts.join(", ")} exist, as other stacks declare them`]),
  ];
  if (unchecked.length > 0) log.info(`Cannot check ${unchecked.join("; nor ")}`);
  return messages.filter(({ level }) => level === "Error").length;
}

function textOf({ code, resource, message, documentationUrl }: Message): string {
  const remedy = catalogue.get(code)?.remedy;
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return `${resource}: ${sentence}${remedy === undefined ? "" : ` ${remedy}`} [${code}, ${documentationUrl}]`;
}
