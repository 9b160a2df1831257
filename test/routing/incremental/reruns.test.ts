import assert from "node:assert/strict";
import { test } from "node:test";
import { generate, quickSize } from "../../../bench/routing/generate.ts";
import { Analysis } from "../../../routing/analyze/analysis.ts";
import { Compiler } from "../../../routing/compile/compiler.ts";
import { EndpointLists } from "../../../routing/compile/endpoint-lists.ts";
import { Objects, parseObject, type AnyObject } from "../../../routing/index.ts";

function parsed(value: unknown): AnyObject {
  const { object, messages } = parseObject(value);
  assert.ok(object !== undefined, messages.map(({ message }) => message).join());
  return object;
}

/** How often each part runs for an edit of a set of some size. */
function runs(edit: (objects: Objects) => AnyObject): { analysis: number; compiler: number; lists: number } {
  const objects = Objects.of(
    generate({ ...quickSize, virtualServices: 100, gateways: 10, endpoints: 250 }).map(parsed),
  );
  const analysis = new Analysis();
  const compiler = new Compiler({ namespace: "default", labels: {}, every: true });
  const lists = new EndpointLists();
  const update = (set: Objects) => {
    analysis.update(set);
    lists.update(compiler.update(set).table, set);
    return { analysis: analysis.runs, compiler: compiler.runs, lists: lists.runs };
  };
  const before = update(objects);
  const after = update(objects.with([{ before: undefined, after: edit(objects) }]));
  return {
    analysis: after.analysis - before.analysis,
    compiler: after.compiler - before.compiler,
    lists: after.lists - before.lists,
  };
}

const elsewhere = (kind: string, spec: object) =>
  parsed({ apiVersion: "networking.istio.io/v1", kind, metadata: { name: "new", namespace: "elsewhere" }, spec });

test("what has nothing to do with anything runs nothing but its own checks", () => {
  assert.deepEqual(
    runs(() => elsewhere("DestinationRule", { host: "nobody.example.com" })),
    { analysis: 1, compiler: 0, lists: 0 },
  );
  assert.deepEqual(
    runs(() => parsed({ apiVersion: "v1", kind: "Pod", metadata: { name: "new", namespace: "elsewhere" } })),
    { analysis: 1, compiler: 0, lists: 0 },
  );
});

test("a set that is the same runs nothing", () => {
  assert.deepEqual(
    runs((objects) => objects.virtualServices[0] as AnyObject),
    { analysis: 0, compiler: 0, lists: 0 },
  );
});

test("a VirtualService runs the checks of the few objects that it has to do with, and the one chain that it is for", () => {
  const { analysis, ...others } = runs((objects) => ({ ...objects.virtualServices[0] }) as AnyObject);
  assert.ok(analysis <= 5, `${analysis} checks`);
  assert.deepEqual(others, { compiler: 1, lists: 0 });
});

test("an EndpointSlice runs the checks of its Service's subsets, and the clusters of the Service", () => {
  assert.deepEqual(
    runs((objects) => {
      const slice = objects.endpointSlices[0] as AnyObject & { endpoints: readonly object[] };
      return { ...slice, endpoints: slice.endpoints.slice(1) } as AnyObject;
    }),
    { analysis: 1, compiler: 0, lists: 2 },
  );
});
