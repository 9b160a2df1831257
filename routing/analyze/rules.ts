import type { TcpRule, TlsRule } from "../compile/bindings.ts";
import type { FieldPath, VirtualService } from "../objects.ts";
import type { Destination } from "../resolve/destination.ts";
import { isRefused } from "../resolve/refused.ts";

/** One rule of a VirtualService. */
export interface DeclaredRule {
  readonly virtualService: VirtualService;
  readonly protocol: "tcp" | "tls";
  readonly index: number;
  readonly rule: TcpRule | TlsRule;
  /** `["spec", "tcp", 0]` */
  readonly path: FieldPath;
}

/** All rules of a VirtualService. */
export function* declaredRules(virtualService: VirtualService): Generator<DeclaredRule> {
  for (const protocol of ["tcp", "tls"] as const) {
    const rules: readonly (TcpRule | TlsRule)[] = virtualService.spec[protocol] ?? [];
    for (const [index, rule] of rules.entries()) {
      yield { virtualService, protocol, index, rule, path: ["spec", protocol, index] };
    }
  }
}

/** One destination of a rule. */
export interface DeclaredDestination {
  readonly destination: Destination;
  /** `["spec", "tcp", 0, "route", 0]` */
  readonly path: FieldPath;
}

/** All destinations of all rules of a VirtualService but those that were refused before. */
export function* declaredDestinations(virtualService: VirtualService): Generator<DeclaredDestination> {
  for (const { rule, path } of declaredRules(virtualService)) {
    for (const [index, { destination }] of rule.route.entries()) {
      if (!isRefused(virtualService, destination.host)) yield { destination, path: [...path, "route", index] };
    }
  }
}
