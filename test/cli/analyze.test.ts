import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { tcpIngress } from "./support.ts";

const scenario = fileURLToPath(new URL("../scenario", import.meta.url));
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tcp-ingress-cli-"));
});

after(async () => {
  await rm(folder, { recursive: true });
});

function codes(stdout: string): string[] {
  const messages = JSON.parse(stdout) as { level: string; code: string }[];
  return messages.map(({ level, code }) => `${level} ${code}`);
}

const broken = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: echo
spec:
  hosts: ["*"]
  gateways: [missing]
  tcp:
  - route:
    - destination: {host: echo}
`;

test("the sample's files exit 0, from any folder", async () => {
  const files = ["gateway.yaml", "virtualservice.yaml", "destination-rule-all.yaml", "service.yml"];
  for (const args of [files.map((file) => join(scenario, file)), [scenario]]) {
    const { status, stdout } = await tcpIngress(["analyze", "--json", ...args], { cwd: folder });
    assert.equal(status, 0);
    assert.deepEqual(codes(stdout), ["Info IST0118", "Info TCP0004"]);
  }
});

test("a message has all that scripts rely on", async () => {
  await writeFile(join(folder, "broken.yaml"), broken);
  const { status, stdout, stderr } = await tcpIngress(["analyze", "--json", "broken.yaml"], { cwd: folder });
  assert.equal(status, 1);
  assert.equal(stderr, "");
  assert.deepEqual((JSON.parse(stdout) as unknown[])[0], {
    code: "IST0101",
    level: "Error",
    name: "ReferencedResourceNotFound",
    resource: "VirtualService echo",
    message: 'Referenced gateway not found: "missing"',
    reference: "broken.yaml:7",
    documentationUrl: "https://istio.io/latest/docs/reference/config/analysis/ist0101/",
  });
});

test("nothing found is an empty array", async () => {
  const { status, stdout } = await tcpIngress(["analyze", "--json", "-"], {
    stdin: "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n",
  });
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(stdout), []);
});

test("text for people has the place and the code, and no colours in a pipe", async () => {
  const { status, stdout } = await tcpIngress(["analyze", "-"], { stdin: broken });
  assert.equal(status, 1);
  assert.equal(
    stdout.split("\n")[0],
    'Error [IST0101] (VirtualService echo -:7) Referenced gateway not found: "missing"',
  );
  assert.match(stdout, /\n1 error, 1 warning, 1 info in 1 file\. /);
});

test("-n gives a namespace to those that name none", async () => {
  const { stdout } = await tcpIngress(["analyze", "--json", "-n", "other", scenario]);
  assert.deepEqual(codes(stdout).slice(0, 2), ["Error IST0101", "Error IST0101"]);
  const { message } = (JSON.parse(stdout) as { message: string }[])[0] ?? {};
  assert.equal(message, 'Referenced host not found: "tcp-echo.default.svc.cluster.local"');
});

test("--complete skips nothing", async () => {
  const { status, stdout } = await tcpIngress(["analyze", "--json", "--complete", scenario]);
  assert.equal(status, 1);
  assert.ok(!codes(stdout).includes("Info TCP0004"));
  assert.ok(codes(stdout).includes("Error IST0101"));
});

test("--fail-on warning makes a warning fail", async () => {
  const gateway = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: a}
spec:
  selector: {a: b}
  servers: [{port: {number: 1, name: a, protocol: TCP}, hosts: ["*"]}]
`;
  assert.equal((await tcpIngress(["analyze", "-"], { stdin: gateway })).status, 0);
  assert.equal((await tcpIngress(["analyze", "--fail-on", "warning", "-"], { stdin: gateway })).status, 1);
});

test("folders are read with their folders, YAML and JSON only", async () => {
  const deep = join(folder, "tree", "deep");
  await mkdir(deep, { recursive: true });
  await mkdir(join(folder, "tree", ".git"));
  await copyFile(join(scenario, "gateway.yaml"), join(deep, "gateway.yaml"));
  await writeFile(join(folder, "tree", "README.md"), "a: [");
  await writeFile(join(folder, "tree", ".git", "broken.yaml"), "a: [");
  const { status, stdout } = await tcpIngress(["analyze", "--json", "tree"], { cwd: folder });
  assert.equal(status, 0);
  const references = (JSON.parse(stdout) as { reference?: string }[]).flatMap(({ reference }) => reference ?? []);
  assert.deepEqual(references, ["tree/deep/gateway.yaml:9", "tree/deep/gateway.yaml:24"]);
});

test("input that cannot be read exits 2 and says which", async () => {
  const missing = await tcpIngress(["analyze", "--json", "missing.yaml", scenario], { cwd: folder });
  assert.equal(missing.status, 2);
  assert.deepEqual(
    (JSON.parse(missing.stdout) as { message: string }[])[0]?.message,
    "Cannot read missing.yaml: there is no such file or folder",
  );
  const garbled = await tcpIngress(["analyze", "-"], { stdin: "a: [\n" });
  assert.equal(garbled.status, 2);
  assert.match(garbled.stdout, /^Error \[TCP0003\] \(-:1\) Cannot read YAML: /);
});

test("a command line that makes no sense exits 2", async () => {
  for (const args of [["analyze"], ["analyze", "--nonsense"], ["nonsense"], ["explain", "IST9999"]]) {
    const { status, stderr } = await tcpIngress(args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, /^error: /);
  }
});

test("explain says what a code means and how to mend it", async () => {
  for (const args of [
    ["explain", "ist0145"],
    ["analyze", "--explain", "IST0145"],
  ]) {
    const { status, stdout } = await tcpIngress(args);
    assert.equal(status, 0);
    assert.match(stdout, /^IST0145 ConflictingGateways \(Error\)\n\n.+\n\nWhat to do: .+\nMore: https:/);
  }
});

test("explain without a code is the page of all messages", async () => {
  const { stdout } = await tcpIngress(["explain"]);
  assert.equal(stdout, await readFile(new URL("../../docs/messages.md", import.meta.url), "utf8"));
});

test("help exits 0", async () => {
  for (const args of [["--help"], ["analyze", "--help"]]) assert.equal((await tcpIngress(args)).status, 0);
});
