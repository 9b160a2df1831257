import assert from "node:assert/strict";
import { test } from "node:test";
import { Admission, type Place, type Refusal } from "../../../../app/gateway/limits/admission.ts";
import { createSharedRows, POD_ROW, Rows, word } from "../../../../app/gateway/shared/rows.ts";
import { createSharedSources, Sources } from "../../../../app/gateway/shared/sources.ts";
import type { ListenerPolicy } from "../../../../routing/table.ts";
import { listenerPolicy } from "../../support/snapshot.ts";

const one = Uint16Array.of(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201);
const two = Uint16Array.of(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0202);
const listener = 1;

function rig(changes: Partial<ListenerPolicy>) {
  const rows = new Rows(createSharedRows(1, 4), 0);
  const admission = new Admission(rows, new Sources(createSharedSources(1), 0));
  const policy = { ...listenerPolicy, ...changes };
  return {
    admission,
    rows,
    /** As a connection does whose client is known at once. */
    enter: (address = one, now = 0): Place | Refusal => {
      const place = admission.enter(listener, policy);
      if (typeof place === "string") return place;
      const refusal = admission.identify(place, policy, address, now);
      if (refusal === undefined) return place;
      admission.leave(place);
      return refusal;
    },
    open: () => rows.get(listener, word.count),
  };
}

function placeOf(entered: Place | Refusal): Place {
  assert.ok(typeof entered === "object", String(entered));
  return entered;
}

test("a listener's limit at its edge", () => {
  const { admission, enter, open } = rig({ maxConnections: 2 });
  const place = placeOf(enter());
  placeOf(enter(two));
  assert.equal(enter(), "listener_connections");
  assert.equal(open(), 2);
  admission.leave(place);
  placeOf(enter());
  assert.equal(enter(), "listener_connections");
});

test("an address' limit at its edge; who is refused takes no place on the listener", () => {
  const { admission, enter, open } = rig({ maxConnections: 10, maxConnectionsPerSource: 1 });
  const place = placeOf(enter());
  assert.equal(enter(), "source_connections");
  placeOf(enter(two));
  assert.equal(open(), 2);
  admission.leave(place);
  placeOf(enter());
});

test("an address' rate; a listener that is full takes nothing from it", () => {
  const { admission, enter } = rig({ maxConnections: 1, connectionRatePerSource: { perSecond: 1, burst: 2 } });
  const place = placeOf(enter());
  assert.equal(enter(), "listener_connections");
  admission.leave(place);
  admission.leave(placeOf(enter()));
  assert.equal(enter(), "source_rate");
  admission.leave(placeOf(enter(one, 1001)));
});

test("without limits all come, and are counted", () => {
  const { enter, open } = rig({});
  for (let index = 0; index < 100; index++) placeOf(enter());
  assert.equal(open(), 100);
});

test("the pod's own limit at its edge, and none while it has too little memory", () => {
  const { admission, enter, rows, open } = rig({});
  rows.set(POD_ROW, word.limit, 2);
  const place = placeOf(enter());
  placeOf(enter());
  assert.equal(enter(), "overload");
  admission.leave(place);
  placeOf(enter());
  rows.set(POD_ROW, word.limit, 0);
  placeOf(enter());
  rows.set(POD_ROW, word.overloaded, 1);
  assert.equal(enter(), "overload");
  assert.deepEqual([open(), rows.get(POD_ROW, word.count)], [3, 3]);
});
