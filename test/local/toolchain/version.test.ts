import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compareVersions, findVersion, fits } from "../../../local/toolchain/version.ts";

suite("versions", () => {
  test("are found in what programs print", () => {
    const printed = {
      "containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3": "1.6.20",
      "runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1\nspec: 1.0.2-dev\ngo: go1.19.8": "1.1.5",
      "iptables v1.8.9 (nf_tables)": "1.8.9",
      "ip utility, iproute2-6.1.0, libbpf 1.1.0": "6.1.0",
      "Docker version 20.10.24+dfsg1, build 297e128": "20.10.24",
      "docker-registry github.com/docker/distribution v2.8.2+ds1": "2.8.2",
      "v3.259.0": "3.259.0",
      "Kubernetes v1.34.1": "1.34.1",
      "CoreDNS-1.12.4\nlinux/amd64, go1.26.8, ": "1.12.4",
      "go version go1.26.8 linux/amd64": "1.26.8",
    };
    for (const [text, version] of Object.entries(printed)) assert.equal(findVersion(text), version);
    assert.equal(findVersion("version unknown"), undefined);
  });

  test("compare by number, and missing parts are 0", () => {
    assert.ok(compareVersions("1.10.0", "1.9.9") > 0);
    assert.ok(compareVersions("1.21", "1.21.1") < 0);
    assert.equal(compareVersions("1.21", "1.21.0"), 0);
  });

  test("fit from the oldest on, and below the first that does not", () => {
    const rule = { from: "1.6.0", before: "3" };
    assert.deepEqual(
      ["1.5.9", "1.6.0", "2.9.9", "3.0.0"].map((version) => fits(version, rule)),
      [false, true, true, false],
    );
    assert.ok(fits("99.0", { from: "5.0" }));
  });
});
