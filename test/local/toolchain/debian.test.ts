import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parsePlan } from "../../../local/toolchain/debian.ts";

const simulation = `Reading package lists...
Building dependency tree...
The following NEW packages will be installed:
  iptables libip6tc2
Inst libip6tc2 (1.8.9-2 Debian:12.15/oldstable [amd64])
Inst libmnl0 [1.0.4-2] (1.0.4-3 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64])
Inst iptables (1.8.9-2 Debian:12.15/oldstable [amd64]) []
Conf libip6tc2 (1.8.9-2 Debian:12.15/oldstable [amd64])
Conf iptables (1.8.9-2 Debian:12.15/oldstable [amd64])
`;

suite("Debian packages", () => {
  test("are planned as apt would install them: new ones and newer ones, each once", () => {
    assert.deepEqual(parsePlan(simulation), [
      { name: "libip6tc2", version: "1.8.9-2" },
      { name: "libmnl0", version: "1.0.4-3" },
      { name: "iptables", version: "1.8.9-2" },
    ]);
  });

  test("are none where all are installed already", () => {
    assert.deepEqual(parsePlan("Reading package lists...\n0 upgraded, 0 newly installed, 0 to remove.\n"), []);
  });
});
