import * as pulumi from "@pulumi/pulumi";
import { assume, undecided } from "../../routing/assume/index.ts";
import type { Change } from "../../routing/compare/index.ts";
import { withDerived } from "../../routing/gateway-api/derivation.ts";
import type { Workload } from "../../routing/workload.ts";
import { analyze, Objects, type AnyObject, type Message } from "../../routing/index.ts";
import { changesOf } from "./changes.ts";
import { programEnd } from "./program-end.ts";
import { readDeclarations, type ReadDeclarations } from "./reading.ts";
import type { Declaration } from "./declaration.ts";
import { report, type Log } from "./report.ts";
import { readState, type StateObject } from "./state.ts";

/** The program whose declarations are analyzed. */
export interface Program {
  /** Resolves when it has declared everything. */
  end(): Promise<void>;
  /** Shows what was found. */
  readonly log: Log;
  /** Makes it fail. */
  fail(error: Error): void;
  /** The routing objects of the last deployment; undefined where nobody knows them. */
  state(): Promise<readonly StateObject[] | undefined>;
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
  readonly #workloads: Workload[] = [];
  readonly #definitions: pulumi.Resource[] = [];
  readonly #shown = new Set<string>();
  #state: Promise<readonly StateObject[] | undefined> | undefined;
  #verdict: Promise<Objects> | undefined;

  constructor(program: Partial<Program> = {}) {
    this.#program = { end: programEnd, log: pulumi.log, fail: failProgram, state: readState, ...program };
  }

  /** Takes a declaration into the analysis. */
  declare(declaration: Declaration): void {
    this.#declarations.push(declaration);
    // No routing object changes before the verdict, so that it is the same whenever it is read; the program need not wait for it.
    this.#state ??= this.#program.state();
    void this.verdict();
  }

  /** Notes that an ingress gateway of the program serves a Gateway, so that the Gateway's selector must match it. */
  serve(gateway: { readonly namespace: string; readonly name: string }): void {
    this.#served.add(`${gateway.namespace}/${gateway.name}`);
  }

  /** Notes the pods of an ingress gateway of the program, whose claims hold for who opens and routes their ports. */
  claim(workload: Workload): void {
    this.#workloads.push(workload);
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
    const read = await readDeclarations(this.#declarations);
    const declared = Objects.of(read.parsed.map(({ object }) => object));
    const dependants = new Set<AnyObject>(undecided(declared, read.skipped));
    const known = [...declared].filter((object) => !dependants.has(object));
    const assumed = assume(withDerived(Objects.of(known)), this.#served);
    const unchecked = [...read.skipped, ...[...dependants].map(({ kind, metadata }) => ({ kind, ...metadata }))];
    const messages = [
      ...read.messages,
      ...analyze(Objects.of([...known, ...assumed.objects]), { workloads: this.#workloads }),
    ]
      // Stand-ins, and what others declare, have no place here; they are not this program's to mend.
      .filter(({ reference }) => reference !== undefined)
      // That nothing is routed to a listener proves nothing while a route may yet turn out to be.
      .filter(({ code }) => code !== "TCP0006" || unchecked.length === 0)
      .filter((message) => this.#isNew(message));
    const changes = await this.#changes(read);
    const findings = { messages, changes, unchecked, assumed: assumed.unchecked };
    const errors = report({ ...read, ...findings }, this.#program.log);
    if (errors === 0) return Objects.of([...declared, ...assumed.objects]);
    const count = errors === 1 ? "an error" : `${errors} errors`;
    const text = `Cannot go on as the routing declarations have ${count}. No routing object has been changed`;
    this.#program.fail(new pulumi.RunError(text));
    return new Promise(() => undefined);
  }

  async #changes({ parsed, skipped, secret }: ReadDeclarations): Promise<Change[]> {
    const state = await this.#state;
    if (state === undefined) return [];
    const changes = changesOf(state, parsed, [...skipped, ...secret]);
    // A later verdict tells only what it adds to this one.
    this.#state = Promise.resolve(
      parsed.flatMap(({ object, own }) => (own ? [{ manifest: object, secret: false }] : [])),
    );
    return changes;
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
