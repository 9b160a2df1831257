import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { difference, noParts, partsOf, type Parts, type SnapshotDelta } from "../../../../app/gateway/engine/delta.ts";
import { patchMap } from "../../../../app/gateway/shared/map-delta.ts";
import { snapshotOf } from "../../support/snapshot.ts";

const declarations = fc.uniqueArray(
  fc.record({ port: fc.integer({ min: 1, max: 5 }), subset: fc.constantFrom("a", "b", "c"), endpoint: fc.nat(3) }),
  { maxLength: 5, selector: ({ port }) => port },
);

type Declarations = typeof declarations extends fc.Arbitrary<infer Value> ? Value : never;

function partsFrom(list: Declarations): Parts {
  const endpoint = (port: number) => ({
    address: "10.0.0.1",
    port,
    pod: undefined,
    zone: undefined,
    terminating: false,
  });
  return partsOf(
    snapshotOf(
      1,
      list.map(({ port, subset, endpoint: of }) => ({
        port,
        rules: [{ to: [{ subset, endpoints: [endpoint(of)] }] }],
      })),
    ),
  );
}

function patched(parts: Parts, { listeners, clusters, endpoints, locality }: SnapshotDelta): Parts {
  const after = {
    listeners: new Map(parts.listeners),
    clusters: new Map(parts.clusters),
    endpoints: new Map(parts.endpoints),
    locality,
  };
  patchMap(after.listeners, listeners);
  patchMap(after.clusters, clusters);
  patchMap(after.endpoints, endpoints);
  return after;
}

test("a delta leads from any snapshot to any other", () => {
  fc.assert(
    fc.property(declarations, declarations, (first, second) => {
      const [before, after] = [partsFrom(first), partsFrom(second)];
      assert.deepEqual(patched(before, structuredClone(difference(1, before, after))), after);
      assert.deepEqual(patched(noParts, difference(1, noParts, after)), after);
    }),
  );
});

test("what is the same object is not sent again", () => {
  fc.assert(
    fc.property(declarations, (list) => {
      const parts = partsFrom(list);
      const copy = {
        listeners: new Map(parts.listeners),
        clusters: new Map(parts.clusters),
        endpoints: new Map(parts.endpoints),
        locality: parts.locality,
      };
      const none = { deleted: [], set: [] };
      const nothing = { version: 2, listeners: none, clusters: none, endpoints: none, locality: parts.locality };
      assert.deepEqual(difference(2, parts, parts), nothing);
      assert.deepEqual(difference(2, parts, copy), nothing);
    }),
  );
});
