import type { AnyObject } from "../../routing/index.ts";

/** What the cluster would hold once the declared objects were applied: each takes the place of the live one of its name, and is as old as that. */
export function applyOver(live: readonly AnyObject[], declared: readonly AnyObject[]): AnyObject[] {
  const objects = new Map(live.map((object) => [keyOf(object), object]));
  for (const object of declared) {
    const { metadata } = object;
    const creationTimestamp = objects.get(keyOf(object))?.metadata.creationTimestamp ?? metadata.creationTimestamp;
    objects.set(keyOf(object), { ...object, metadata: { ...metadata, creationTimestamp } });
  }
  return [...objects.values()];
}

function keyOf({ kind, metadata: { namespace, name } }: AnyObject): string {
  return `${kind} ${namespace}/${name}`;
}
