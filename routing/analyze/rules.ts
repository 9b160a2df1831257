import type { TcpRule, TlsRule } from "../compile/bindings.ts";
import type { FieldPath, Objects, VirtualService } from "../objects.ts";
import type { Destination } from "../resolve/destination.ts";

/** One rule of a VirtualService. */
export interface DeclaredRule {
  readonly virtualService: VirtualService;
  readonly protocol: "tcp" | "tls";
  readonly index: number;
  readonly rule: TcpRule | TlsRule;
  /** `["spec", "tcp", 0]` */
  readonly path: FieldPath;
}

/** All rules of all VirtualServices, the oldest VirtualService first. */
export function* declaredRules(objects: Objects): Generator<DeclaredRule> {
  for (const virtualService of objects.virtualServices) {
    for (const protocol of ["tcp", "tls"] as const) {
      const rules: readonly (TcpRule | TlsRule)[] = virtualService.spec[protocol] ?? [];
      for (const [index, rule] of rules.entries()) {
        yield { virtualService, protocol, index, rule, path: ["spec", protocol, index] };
      }
    }
  }
}

/** One destination of a rule. */
export interface DeclaredDestination {
  readonly virtualService: VirtualService;
  readonly destination: Destination;
  /** `["spec", "tcp", 0, "route", 0]` */
  readonly path: FieldPath;
}

/** All destinations of all rules. */
export function* declaredDestinations(objects: Objects): Generator<DeclaredDestination> {
  for (const { virtualService, rule, path } of declaredRules(objects)) {
    for (const [index, { destination }] of rule.route.entries()) {
      yield { virtualService, destination, path: [...path, "route", index] };
    }
  }
}
