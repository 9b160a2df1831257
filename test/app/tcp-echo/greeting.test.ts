import assert from "node:assert/strict";
import { test } from "node:test";
import { greeting } from "../../../app/tcp-echo/greeting.ts";

test("every variable that is set has its line, in the order of the scenario", () => {
  assert.equal(
    greeting({
      SERVICE_ACCOUNT: "default",
      POD_IP: "172.16.2.90",
      POD_NAMESPACE: "shop",
      POD_NAME: "tcp-echo-v1-7c775f57c9-frprp",
      NODE_NAME: "node-1",
    }),
    "Welcome, you are connected to node node-1.\n" +
      "Running on Pod tcp-echo-v1-7c775f57c9-frprp.\n" +
      "In namespace shop.\n" +
      "With IP address 172.16.2.90.\n" +
      "Service default.\n",
  );
});

test("a variable that is unset or empty has none", () => {
  assert.equal(greeting({ POD_NAME: "a", NODE_NAME: "" }), "Running on Pod a.\n");
  assert.equal(greeting({}), "");
});
