/** Which DestinationRule holds for a host: that of the asking namespace, else of the host's, else of the root namespace. */
import { coveringPatterns } from "../host.ts";
import type { Query, View } from "../incremental/view.ts";
import type { DestinationRule, DestinationRuleSpec } from "../objects.ts";
import { selects } from "../selector.ts";
import { isExported } from "../visibility.ts";
import type { Workload } from "../workload.ts";
import { displayName } from "./about.ts";
import { destinationRulesByHost, destinationRulesByTarget } from "./object-index.ts";

/** Istio's mesh-wide default: rules there hold for every namespace. */
export const rootNamespace = "istio-system";

export interface EffectiveRule {
  /** The rules of one namespace for the host, the oldest first: their subsets are joined. */
  readonly rules: readonly [DestinationRule, ...DestinationRule[]];
  readonly trafficPolicy: DestinationRuleSpec["trafficPolicy"];
  /** Of two with one name the oldest rule's. */
  readonly annotations: Readonly<Record<string, string>>;
  /** By name; of two with one name the oldest rule's. */
  readonly subsets: ReadonlyMap<string, NonNullable<DestinationRuleSpec["subsets"]>[number]>;
}

export interface RuleQuery {
  /** Fully qualified. */
  readonly host: string;
  /** Of the VirtualService that names the host. */
  readonly namespace: string;
  /** Of the Service or ServiceEntry that has it; undefined where nothing has. */
  readonly ownerNamespace: string | undefined;
  /** undefined: rules for some workloads only are taken as well. */
  readonly workload?: Workload | undefined;
}

/** The rules of the first namespace that has any for the host (an exact host before the most specific wildcard), joined. */
export function findDestinationRule(view: View, query: RuleQuery): EffectiveRule | undefined {
  const { host, namespace, ownerNamespace = "", workload } = query;
  return view.ask(rulesFor(workload ?? anyone), `${host} ${namespace} ${ownerNamespace}`);
}

/** Whoever asks without being a workload. */
const anyone = {};

const queries = new WeakMap<object, Query<EffectiveRule | undefined>>();

/** Many destinations have the same host: what holds for it is worked out for all of them. */
function rulesFor(asker: object): Query<EffectiveRule | undefined> {
  let query = queries.get(asker);
  if (query === undefined) {
    const workload = asker === anyone ? undefined : (asker as Workload);
    query = {
      run(key, view) {
        const [host = "", namespace = "", ownerNamespace = ""] = key.split(" ");
        return searchRule(view, { host, namespace, ownerNamespace: ownerNamespace || undefined, workload });
      },
    };
    queries.set(asker, query);
  }
  return query;
}

function searchRule(view: View, query: RuleQuery): EffectiveRule | undefined {
  for (const namespace of consulted(query)) {
    for (const host of coveringPatterns(query.host)) {
      const [first, ...others] = view
        .find(destinationRulesByHost, `${namespace}|${host}`)
        .filter((rule) => isFor(rule, query));
      if (first !== undefined) return join([first, ...others]);
    }
  }
  return undefined;
}

/** The namespaces whose rules are looked at, one after the other. */
function consulted({ namespace, ownerNamespace }: RuleQuery): ReadonlySet<string> {
  return new Set([namespace, ownerNamespace ?? namespace, rootNamespace]);
}

/** A rule for a host that does not hold for whoever asks, and why. */
export interface RuleElsewhere {
  readonly rule: DestinationRule;
  readonly why: string;
}

/** Finds a rule that declares a subset of a host and does not hold, though somebody may think so. */
export function findSubsetElsewhere(view: View, query: RuleQuery, subset: string): RuleElsewhere | undefined {
  const rule = [...coveringPatterns(query.host)]
    .flatMap((host) => view.find(destinationRulesByTarget, host))
    .find(({ spec }) => spec.subsets?.some(({ name }) => name === subset) === true);
  return rule === undefined ? undefined : { rule, why: whyNot(view, rule, query) };
}

function whyNot(view: View, rule: DestinationRule, query: RuleQuery): string {
  const { namespace } = query;
  if (!consulted(query).has(rule.metadata.namespace)) {
    return `rules are taken from namespaces ${[...consulted(query)].join(", ")}. Move it to one of them`;
  }
  if (!isExported(rule.spec.exportTo, rule.metadata.namespace, namespace)) {
    return `exportTo hides it from namespace ${namespace}. Add the namespace to exportTo`;
  }
  const holding = findDestinationRule(view, query)?.rules[0];
  if (holding !== undefined && holding !== rule) {
    return `DestinationRule ${displayName(holding)} comes before it. Declare the subset there`;
  }
  return "its workloadSelector does not select the gateway's pods. Change the selector";
}

function isFor({ metadata, spec }: DestinationRule, { namespace, workload }: RuleQuery): boolean {
  if (!isExported(spec.exportTo, metadata.namespace, namespace)) return false;
  if (spec.workloadSelector === undefined || workload === undefined || workload.every === true) return true;
  return metadata.namespace === workload.namespace && selects(spec.workloadSelector.matchLabels, workload.labels);
}

function join(rules: readonly [DestinationRule, ...DestinationRule[]]): EffectiveRule {
  const subsets = new Map<string, NonNullable<DestinationRuleSpec["subsets"]>[number]>();
  for (const { spec } of rules) {
    for (const subset of spec.subsets ?? []) {
      if (!subsets.has(subset.name)) subsets.set(subset.name, subset);
    }
  }
  const trafficPolicy = rules.find(({ spec }) => spec.trafficPolicy !== undefined)?.spec.trafficPolicy;
  const annotations = Object.assign({}, ...rules.map(({ metadata }) => metadata.annotations).reverse()) as Record<
    string,
    string
  >;
  return { rules, trafficPolicy, annotations, subsets };
}
