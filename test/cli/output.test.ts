import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { launcher, tcpIngress } from "./support.ts";

const broken = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: echo, namespace: shop}
spec:
  hosts: ["*"]
  gateways: [missing]
  tcp: [{route: [{destination: {host: echo}}]}]
`;

test("colours as asked, and as the environment says", async () => {
  const cases: [string[], Record<string, string>, boolean][] = [
    [[], {}, false],
    [["--color", "always"], { NO_COLOR: "1" }, true],
    [[], { FORCE_COLOR: "1" }, true],
    [["--color", "never"], { FORCE_COLOR: "1" }, false],
  ];
  for (const [args, env, expected] of cases) {
    // The tests may run under a terminal that says otherwise.
    const inherited = Object.fromEntries(["FORCE_COLOR", "NO_COLOR"].map((name) => [name, env[name]]));
    const { stdout } = await tcpIngress(["analyze", ...args, "-"], { stdin: broken, env: inherited });
    assert.equal(stdout.includes("\u001b[31mError"), expected, JSON.stringify([args, env]));
  }
});

test("what is suppressed or below the threshold is left out and counted", async () => {
  const { status, stdout } = await tcpIngress(
    ["analyze", "-S", "IST0101=VirtualService shop/*", "--output-threshold", "warning", "-"],
    { stdin: broken },
  );
  assert.equal(status, 0);
  assert.doesNotMatch(stdout, /IST0101|TCP0004 /);
  assert.match(stdout, /in 1 file \(1 suppressed, 1 below --output-threshold\)/);
  const mistake = await tcpIngress(["analyze", "-S", "IST9999", "-"], { stdin: broken });
  assert.equal(mistake.status, 2);
  assert.match(mistake.stderr, /^error: No message has the code "IST9999"/);
});

test("a reader that has seen enough is no error, and the verdict stays", async () => {
  const child = spawn(process.execPath, [launcher, "analyze", "-"], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdout.destroy();
  child.stdin.end(broken);
  const complaints: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => complaints.push(text));
  assert.deepEqual(await once(child, "close"), [1, null]);
  assert.deepEqual(complaints, []);
});

test("the version is the package's", async () => {
  const description = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(description) as { version: string };
  assert.equal((await tcpIngress(["--version"])).stdout, `${version}\n`);
});

test("what is mistyped gets a hint, and no stack", async () => {
  const cases: [string[], RegExp][] = [
    [["analise"], /Did you mean analyze\?/],
    [["analyze", "--clustr"], /Did you mean --cluster\?/],
    [["explain", "IST0120"], /Did you mean .*IST0128/],
    [["explain", "ConflictingGateway"], /Did you mean IST0145 ConflictingGateways\?/],
    [["explain", "IST0108"], /What Istio alone checks is at https:\/\/istio\.io\/.*\/ist0108\//],
    [["analyze", "-A", "x.yaml"], /--all-namespaces is about live objects/],
    [["analyze", "-o", "xml", "x.yaml"], /Allowed choices are text, json, sarif/],
  ];
  for (const [args, hint] of cases) {
    const { status, stdout, stderr } = await tcpIngress(args);
    assert.deepEqual([status, stdout], [2, ""], args.join(" "));
    assert.match(stderr, /^error: /);
    assert.match(stderr, hint);
    assert.doesNotMatch(stderr, /\n {4}at /);
  }
});
