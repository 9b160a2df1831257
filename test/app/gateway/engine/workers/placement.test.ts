import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, noParts, partsOf, type Parts } from "../../../../../app/gateway/engine/delta.ts";
import { Placement } from "../../../../../app/gateway/engine/workers/placement.ts";
import { clientTls, serverTls, snapshotOf, type Declared } from "../../../support/snapshot.ts";

/** Keys are `127.0.0.1 PORT`. */
class Follower {
  readonly placement = new Placement();
  #parts: Parts = noParts;

  declare(...declared: Declared[]): void {
    const parts = partsOf(
      snapshotOf(
        1,
        declared.map((each) => ({ bindPort: each.port, ...each })),
      ),
    );
    this.placement.change(difference(1, this.#parts, parts));
    this.#parts = parts;
  }
}

const plain = (port: number, subset = "v1"): Declared => ({ port, rules: [{ to: [{ subset, endpoints: [] }] }] });
const originating = (port: number, subset: string): Declared => ({
  port,
  rules: [{ to: [{ subset, endpoints: [], policy: { tls: clientTls } }] }],
});

test("TLS that ends at the gateway needs Node's sockets, for all servers of its port; a listener moves with what is declared, and is nobody's when it goes", () => {
  const follower = new Follower();
  const of = (...ports: number[]) => ports.map((port) => follower.placement.of(`127.0.0.1 ${port}`));
  follower.declare(plain(1), { ...plain(2), tls: serverTls }, plain(3), {
    ...plain(3),
    port: 4,
    others: [{ ...plain(4), tls: serverTls }],
  });
  assert.deepEqual(of(1, 2, 3, 4, 5), ["epoll", "net", "epoll", "net", undefined]);
  follower.declare({ ...plain(1), tls: serverTls }, plain(2));
  assert.deepEqual(of(1, 2, 3), ["net", "epoll", undefined]);
});

test("TLS that begins at the gateway needs them as well, and moves listeners that did not change", () => {
  const follower = new Follower();
  const of = (...ports: number[]) => ports.map((port) => follower.placement.of(`127.0.0.1 ${port}`));
  follower.declare(plain(1), originating(2, "tls"));
  assert.deepEqual(of(1, 2), ["epoll", "net"]);
  follower.declare(plain(1), plain(2, "tls"));
  assert.deepEqual(of(1, 2), ["epoll", "epoll"]);
  follower.declare(originating(1, "v1"), plain(2, "tls"));
  assert.deepEqual(of(1, 2), ["net", "epoll"]);
});

test("a cluster alone that begins or ends to be spoken TLS with moves its listeners", () => {
  const placement = new Placement();
  const before = partsOf(snapshotOf(1, [{ ...plain(1), bindPort: 1 }]));
  const [name, cluster] = [...before.clusters][0] ?? assert.fail();
  const after: Parts = {
    ...before,
    clusters: new Map([[name, { ...cluster, trafficPolicy: { ...cluster.trafficPolicy, tls: clientTls } }]]),
  };
  placement.change(difference(1, noParts, before));
  assert.equal(placement.of("127.0.0.1 1"), "epoll");
  placement.change(difference(2, before, after));
  assert.equal(placement.of("127.0.0.1 1"), "net");
  placement.change(difference(3, after, before));
  assert.equal(placement.of("127.0.0.1 1"), "epoll");
});
