import * as pulumi from "@pulumi/pulumi";
import { analyze, Objects, parseObject, type AnyObject, type Message } from "../../routing/index.ts";
import { assume } from "./assumed.ts";
import { programEnd } from "./program-end.ts";
import { report, type Log } from "./report.ts";
import { settled, unknown } from "./settled.ts";
import { undecided, type Identity } from "./undecided.ts";

/** An object that a component of the program declares, or that the program says others declare. */
export interface Declaration {
  /** The component that messages are shown at; undefined for what others declare. */
  readonly resource?: pulumi.Resource;
  readonly identity: Identity;
  /** `apiVersion`, `kind`, `metadata` and `spec`. */
  readonly manifest: pulumi.Input<object>;
}

/** The program whose declarations are analyzed. */
export interface Program {
  /** Resolves when it has declared everything. */
  end(): Promise<void>;
  /** Shows what was found. */
  readonly log: Log;
  /** Makes it fail. */
  fail(error: Error): void;
}

/** A rejection that nobody handles is what fails a Pulumi program. Whoever waits for the verdict must not fail as well, once for each object. */
function failProgram(error: Error): void {
  void Promise.reject(error);
}

/**
 * Judges all routing declarations of a program together, across its components, once the program has ended, and holds every routing object back until then: with an
 * error anywhere none of them changes, in a preview and in an update without one alike.
 *
 * What is declared after the verdict, by code that has waited for a routing object, gets a verdict of its own over everything declared so far.
 */
export class StackAnalysis {
  readonly #program: Program;
  readonly #declarations: Declaration[] = [];
  readonly #served = new Set<string>();
  readonly #definitions: pulumi.Resource[] = [];
  readonly #shown = new Set<string>();
  #verdict: Promise<Objects> | undefined;

  constructor(program: Partial<Program> = {}) {
    this.#program = { end: programEnd, log: pulumi.log, fail: failProgram, ...program };
  }

  /** Takes a declaration into the analysis. */
  declare(declaration: Declaration): void {
    this.#declarations.push(declaration);
    void this.verdict();
  }

  /** Notes that an ingress gateway of the program serves a Gateway, so that the Gateway's selector must match it. */
  serve(gateway: { readonly namespace: string; readonly name: string }): void {
    this.#served.add(`${gateway.namespace}/${gateway.name}`);
  }

  /** Notes that the program installs the custom resource definitions, which every routing object has to wait for. */
  define(definitions: pulumi.Resource): void {
    this.#definitions.push(definitions);
  }

  /**
   * A `dependsOn` for a routing object: nothing of it reaches the engine before the verdict is in, and nothing ever does after a bad one.
   *
   * @param dependsOn what the object depends on anyway
   */
  gate(dependsOn: pulumi.ComponentResourceOptions["dependsOn"] = []): Promise<pulumi.Input<pulumi.Resource>[]> {
    // The SDK flattens inputs of lists of inputs, though its type says less.
    const others = [dependsOn].flat() as pulumi.Input<pulumi.Resource>[];
    return this.verdict().then(() => [...this.#definitions, ...others]);
  }

  /** All that the program declares, found to be right. Where it is wrong this stays pending, and the program fails. */
  verdict(): Promise<Objects> {
    return (this.#verdict ??= this.#judge());
  }

  async #judge(): Promise<Objects> {
    await this.#program.end();
    this.#verdict = undefined;
    const { declared, messages, resources, skipped } = await this.#read();
    const dependants = new Set<AnyObject>(undecided(declared, skipped));
    const known = [...declared].filter((object) => !dependants.has(object));
    const assumed = assume(Objects.of(known), this.#served);
    const all = Objects.of([...known, ...assumed.objects]);
    const unchecked = [...skipped, ...[...dependants].map(({ kind, metadata }) => ({ kind, ...metadata }))];
    const found = [...messages, ...analyze(all)]
      // Stand-ins, and what others declare, have no place here; they are not this program's to mend.
      .filter(({ reference }) => reference !== undefined)
      // That nothing is routed to a listener proves nothing while a route may yet turn out to be.
      .filter(({ code }) => code !== "TCP0006" || unchecked.length === 0)
      .filter((message) => this.#isNew(message));
    const errors = report({ messages: found, resources, unchecked, hosts: assumed.hosts }, this.#program.log);
    if (errors === 0) return Objects.of([...declared, ...assumed.objects]);
    const count = errors === 1 ? "an error" : `${errors} errors`;
    const text = `Cannot go on as the routing declarations have ${count}. No routing object has been changed`;
    this.#program.fail(new pulumi.RunError(text));
    return new Promise(() => undefined);
  }

  async #read() {
    const manifests = await settled(this.#declarations.map(({ manifest }) => manifest));
    const urns = await settled(this.#declarations.map(({ resource }) => resource?.urn));
    const objects: AnyObject[] = [];
    const messages: Message[] = [];
    const resources = new Map<string, pulumi.Resource>();
    const skipped: Identity[] = [];
    for (const [index, { resource, identity }] of this.#declarations.entries()) {
      const [manifest, urn] = [manifests[index], urns[index]];
      const reference = typeof urn === "string" ? urn : `${identity.kind} ${identity.namespace}/${identity.name}`;
      // Without a URN the log would wait for one, which the verdict may hold back.
      if (resource !== undefined && typeof urn === "string") resources.set(reference, resource);
      if (manifest === unknown) {
        skipped.push(identity);
        continue;
      }
      const parsed = parseObject(manifest, identity.existing === true ? {} : { reference });
      if (parsed.object !== undefined) objects.push(parsed.object);
      messages.push(...parsed.messages);
    }
    return { declared: Objects.of(objects), messages, resources, skipped };
  }

  #isNew(message: Message): boolean {
    const key = JSON.stringify(message);
    if (this.#shown.has(key)) return false;
    this.#shown.add(key);
    return true;
  }
}

const analyses = new WeakMap<object, StackAnalysis>();
const nobody = {};

/** The analysis of the program that declares right now: a process may run several, as unit tests and the Automation API do. Each has a connection to its engine. */
export function currentAnalysis(): StackAnalysis {
  const program = pulumi.runtime.getMonitor() ?? nobody;
  const analysis = analyses.get(program) ?? new StackAnalysis();
  analyses.set(program, analysis);
  return analysis;
}
