import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Folder, tcpIngress } from "./support.ts";

interface JsonMessage {
  readonly code: string;
  readonly level: string;
  readonly message: string;
  readonly reference?: string;
}

async function analyze(folder: Folder, ...args: string[]): Promise<{ status: number | null; messages: JsonMessage[] }> {
  const { status, stdout } = await tcpIngress(["analyze", "--json", ...args], { cwd: folder.path });
  return { status, messages: JSON.parse(stdout) as JsonMessage[] };
}

const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n";
const template =
  "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Values.name }}\n{{- if .Values.more }}\n{{- end }}\n";

test("a folder's other files are passed over with a word, and templates with a warning", async () => {
  await using folder = await Folder.create({
    "secret.yaml": secret,
    "package.json": '{"name": "a"}',
    "compose.yml": "services: {}",
    "empty.yaml": "# nothing\n---\n",
    "kustomization.yaml": "resources: [secret.yaml]\n",
  });
  await mkdir(join(folder.path, "chart", "templates"), { recursive: true });
  await folder.write("chart/Chart.yaml", "apiVersion: v2\nname: a\n");
  await folder.write("chart/templates/secret.yaml", template);
  const { status, messages } = await analyze(folder, ".");
  assert.equal(status, 0);
  assert.deepEqual(
    messages.map(({ level, code, message, reference }) => ({ level, code, message, reference })),
    [
      {
        level: "Warning",
        code: "TCP0070",
        message:
          "Passed over 1 template, which may declare routes once rendered: chart/templates/secret.yaml. Render first: helm template chart | tcp-ingress analyze -",
        reference: undefined,
      },
      {
        level: "Info",
        code: "TCP0070",
        message: "Passed over 3 files without a Kubernetes object: chart/Chart.yaml, compose.yml, package.json",
        reference: undefined,
      },
      {
        level: "Info",
        code: "TCP0070",
        message:
          "The files beside it were analyzed as they stand. What kustomize makes of them: kubectl kustomize . | tcp-ingress analyze -",
        reference: "kustomization.yaml",
      },
    ],
  );
});

test("a template or another file that is named itself cannot be read", async () => {
  await using folder = await Folder.create({ "a.yaml": template, "package.json": '{"name": "a"}' });
  const named = await analyze(folder, "a.yaml");
  assert.equal(named.status, 2);
  assert.deepEqual(
    named.messages.map(({ message, reference }) => ({ message, reference })),
    [
      {
        message:
          "Cannot read a template, as it declares nothing before it is rendered. Render it first, and analyze what comes out",
        reference: "a.yaml",
      },
    ],
  );
  assert.equal((await analyze(folder, "package.json")).status, 2);
});

test("braces in a text make no template, and take nothing else away", async () => {
  await using folder = await Folder.create({
    "a.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {alert: "{{ $labels.pod }}"}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: a}
spec: {servers: wrong}
`,
  });
  const { status, messages } = await analyze(folder, ".");
  assert.equal(status, 1);
  assert.deepEqual(
    messages.map(({ code, reference }) => `${code} ${reference ?? ""}`),
    ["IST0106 a.yaml:9", "TCP0002 a.yaml:1"],
  );
});

test("a folder with nothing to read is a mistake", async () => {
  await using folder = await Folder.create({ "README.md": "" });
  const { status, messages } = await analyze(folder, ".");
  assert.equal(status, 2);
  assert.equal(messages[0]?.message, "Cannot read .: there is no .yaml, .yml or .json file in it or in its folders");
});

test("a file that is named twice is read once", async () => {
  await using folder = await Folder.create({ "a.yaml": "apiVersion: apps/v1\nkind: Other\n" });
  const { messages } = await analyze(folder, ".", "a.yaml", join(folder.path, "a.yaml"));
  assert.deepEqual(
    messages.map(({ code }) => code),
    ["TCP0002"],
  );
});

test("links to files are followed, and links to folders are not", async () => {
  await using folder = await Folder.create({ "..data.yaml": "apiVersion: apps/v1\nkind: Other\n" });
  await symlink("..data.yaml", join(folder.path, "a.yaml"));
  await symlink(".", join(folder.path, "around"));
  const { messages } = await analyze(folder, ".");
  assert.deepEqual(
    messages.map(({ reference }) => reference),
    ["a.yaml:1"],
  );
});
