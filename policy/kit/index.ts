/** What all policies share: how they are declared, what they look at, how they say what is wrong. */
export type { ConfigShape } from "./config.ts";
export { shown, type Finding } from "./finding.ts";
export {
  allObjects,
  allResources,
  entries,
  objects,
  part,
  parts,
  wholeStack,
  type Piece,
  type Selector,
} from "./piece.ts";
export { containers, environmentVariables, podFields, pods, type Container, type Pod } from "./pods.ts";
export { resourcePolicy, stackPolicy, type Context, type Policy } from "./policy.ts";
export type { Manifest, Resource } from "./resource.ts";
export { decide, some, unknownOf, type Unknown } from "./unknown.ts";
export { matchesAny } from "./wildcard.ts";
