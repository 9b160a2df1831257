import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Backend } from "../../support/backend.ts";
import { engines, Rig } from "../../support/engines.ts";

/** TCP_ESTABLISHED (Linux' include/net/tcp_states.h). */
const ESTABLISHED = "01";

/**
 * Seconds that a socket of this machine will wait before it probes its peer; undefined where it will not. `/proc/net/tcp` has the timer of each, 2 being
 * keepalive's, in hundredths of a second (proc_net_tcp(5)).
 */
function untilProbe(isIt: (local: number, remote: number) => boolean): number | undefined {
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readFileSync(file, "utf8").split("\n").slice(1)) {
      const [, local = "", remote = "", state, , timer = ""] = line.trim().split(/\s+/);
      // One that is over (TIME_WAIT) may have had the same ports.
      if (state !== ESTABLISHED || !isIt(portOf(local), portOf(remote))) continue;
      const [kind, due = ""] = timer.split(":");
      return kind === "02" ? parseInt(due, 16) / 100 : undefined;
    }
  }
  throw new Error("The kernel has no such connection");
}

const portOf = (address: string): number => parseInt(address.split(":")[1] ?? "", 16);

const linuxOnly = process.platform === "linux" ? {} : { skip: "Only Linux tells of its sockets' timers" };

for (const { name, create } of engines) {
  describe(`engine ${name}: silent connections`, linuxOnly, () => {
    for (const [what, keepalive, policy, expected] of [
      ["are probed by default never", undefined, undefined, undefined],
      ["are probed as the gateway is told", 240_000, undefined, 240],
      ["are probed as their policy says", undefined, { time: 500_000 }, 500],
      ["are probed by their policy where that is sooner", 240_000, { time: 100_000 }, 100],
      ["are probed as the gateway is told where their policy is later", 240_000, { time: 500_000 }, 240],
    ] as const) {
      test(what, async () => {
        await using backend = await Backend.start();
        await using rig = new Rig((observer) => create(observer, { keepalive }));
        const tcpKeepalive = policy && { ...policy, interval: undefined, probes: undefined };
        const target = { subset: "v1", endpoints: [backend.endpoint], policy: { tcpKeepalive } };
        await rig.apply({ port: 1, rules: [{ to: [target] }] });
        using client = await rig.connect(1);
        await rig.untilOpened(1);
        const port = rig.bound(1);
        const downstream = untilProbe((local, remote) => local === port && remote === client.socket.localPort);
        const upstream = untilProbe((_local, remote) => remote === backend.port);
        for (const wait of [downstream, upstream]) {
          if (expected === undefined || wait === undefined) assert.equal(wait, expected);
          else assert.ok(wait <= expected && wait > expected - 60, `${wait} s`);
        }
      });
    }
  });
}
