import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../../../local/plugins/kubernetes/connection.ts";
import { invoke } from "../../../../local/plugins/kubernetes/invoke/invoke.ts";

const connection = new Connection(undefined, "", "default");
const decode = async (text: string, defaultNamespace?: string) =>
  (
    await invoke(
      {
        token: "kubernetes:yaml:decode",
        args: { text, ...(defaultNamespace === undefined ? {} : { defaultNamespace }) },
      },
      connection,
    )
  ).result.result;

test("YAML is decoded into its objects, and what is none is left out", async () => {
  const text =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n# nothing\n---\nkind: Incomplete\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: apps}}\n";
  assert.deepEqual(await decode(text), [
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } },
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "apps" } },
  ]);
});

test("Objects that live in namespaces get the default one", async () => {
  const text =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: apps}\n";
  assert.deepEqual(await decode(text, "apps"), [
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "apps" } },
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "apps" } },
  ]);
});

test("Dates stay text, and yes is true", async () => {
  assert.deepEqual(await decode("apiVersion: v1\nkind: ConfigMap\ndata: {day: 2026-01-01, on: yes}\n"), [
    { apiVersion: "v1", kind: "ConfigMap", data: { day: "2026-01-01", true: true } },
  ]);
});

test("YAML that cannot be read is refused with its place", async () => {
  await assert.rejects(decode("a: [\n"), /line 2/);
});

test("What the stand-in leaves out is refused with a way on", () => {
  assert.throws(
    () => invoke({ token: "kubernetes:helm:template", args: {} }, connection),
    /install the official plugin/,
  );
  assert.throws(() => invoke({ token: "kubernetes:other", args: {} }, connection), {
    message: 'unknown Invoke type "kubernetes:other"',
  });
});
