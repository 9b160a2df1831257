import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Backend } from "../support/backend.ts";
import { Client } from "../support/client.ts";
import { manifests } from "../support/manifests.ts";
import { freePort } from "../support/ports.ts";
import { startCommand } from "../support/program.ts";

test("a gateway with few file descriptors serves as many connections as it can, refuses the rest at once, and stays reachable", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), "tcp-ingress-")), (path) => rm(path, { recursive: true }));
  const backend = stack.use(await Backend.named("v1"));
  const port = await freePort();
  const config = join(folder, "routes.yaml");
  await writeFile(config, manifests([{ port, subset: "v1" }], { v1: backend.port }));
  const program = stack.use(
    startCommand(
      "/bin/sh",
      [
        "-c",
        'ulimit -n 160; exec "$0" "$@"',
        process.execPath,
        join(import.meta.dirname, "../../../cli/main.ts"),
        "gateway",
        "--config",
        config,
        "--admin",
        "127.0.0.1:0",
        "--workers",
        "2",
      ],
      { LOG_LEVEL: "info" },
    ),
  );
  const { admin } = JSON.parse(await program.line(/^\{"listeners"/)) as { admin: string };

  const served: Client[] = [];
  let refused = 0;
  for (let index = 0; index < 150; index++) {
    const client = await Client.open(port);
    stack.use(client);
    const greeting = await Promise.race([client.text("v1").catch(() => "refused"), client.closed]);
    if (greeting.includes("v1")) served.push(client);
    else refused++;
  }
  assert.ok(served.length > 10 && served.length <= 72, `${served.length} served`);
  assert.equal(served.length + refused, 150);
  assert.match(await program.line(/"reason":"overload"/), /"response_flags":"OM"/);
  assert.equal((await fetch(`http://${admin}/healthz/ready`)).status, 200);
  assert.match(await (await fetch(`http://${admin}/metrics`)).text(), /reason="overload"/);

  // The questions above have file descriptors of their own.
  const leaving = served.splice(0, 5);
  for (const client of leaving) client.end();
  await program.line(/"reason":"finished"/, leaving.length);
  using young = await Client.open(port);
  await young.text("v1");
  for (const client of served) {
    client.send("still here");
    await client.text("still here");
  }
});
