import type { Piece, Resource } from "../kit/index.ts";
import { declaredIn } from "./declared.ts";

/** The port of every server of a Gateway, of Istio's or the Gateway API's, whether it is served or not. */
export function servers(resources: readonly Resource[]): Piece<number>[] {
  const declared = declaredIn(resources);
  const pieces = declared.objects.gateways.flatMap(({ spec, origin }) =>
    spec.servers.flatMap(
      ({ port: { number } }, index) =>
        declared.at(origin.reference(["spec", "servers", index, "port", "number"]), number) ?? [],
    ),
  );
  return [...pieces, ...declared.undecided];
}
