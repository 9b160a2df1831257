import type { KubernetesGateway, TCPRoute, TLSRoute } from "../objects.ts";
import { referenceGrantsByNamespace } from "../resolve/object-index.ts";
import { gatewayApiGroup } from "../schema/gateway-api.ts";
import { declaredKindOf } from "../schema/index.ts";
import type { View } from "../incremental/view.ts";

/** What a reference leads to. */
export interface Target {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Whether an object may refer to another one: within its own namespace always, else where a ReferenceGrant of the other's namespace says so. */
export function isPermitted(
  { kind, metadata: { namespace } }: KubernetesGateway | TCPRoute | TLSRoute,
  target: Target,
  view: View,
): boolean {
  if (target.namespace === namespace) return true;
  return view
    .find(referenceGrantsByNamespace, target.namespace)
    .some(
      ({ spec: { from, to } }) =>
        from.some(
          (own) => own.group === gatewayApiGroup && own.kind === declaredKindOf(kind) && own.namespace === namespace,
        ) &&
        to.some(
          (own) =>
            own.group === target.group &&
            own.kind === target.kind &&
            (own.name === undefined || own.name === target.name),
        ),
    );
}
