import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "node:tls";
import { Backend } from "../support/backend.ts";
import { Authority, type Issued } from "../support/certificates.ts";
import { Client } from "../support/client.ts";
import { freePort } from "../support/ports.ts";
import { start } from "../support/program.ts";

const manifests = (port: number, backend: number, { certificate, key }: Issued): string =>
  [
    {
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
      metadata: { name: "databases" },
      spec: {
        servers: [
          {
            port: { number: port, name: "tls", protocol: "TLS" },
            tls: { mode: "SIMPLE", credentialName: "web" },
            hosts: ["a.example"],
          },
        ],
      },
    },
    {
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: "databases" },
      spec: {
        hosts: ["a.example"],
        gateways: ["databases"],
        tcp: [{ route: [{ destination: { host: "db.example", port: { number: 5432 } } }] }],
      },
    },
    {
      apiVersion: "networking.istio.io/v1",
      kind: "ServiceEntry",
      metadata: { name: "db" },
      spec: {
        hosts: ["db.example"],
        ports: [{ number: 5432, name: "tcp", protocol: "TCP", targetPort: backend }],
        resolution: "STATIC",
        endpoints: [{ address: "127.0.0.1" }],
      },
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "web" },
      stringData: { "tls.crt": certificate, "tls.key": key },
    },
  ]
    .map((object) => JSON.stringify(object))
    .join("\n---\n");

test("TLS ends with a Secret of the configuration, and with a new one once that has changed", async () => {
  const authority = await Authority.create();
  const [first, second] = [await authority.issue("a.example"), await authority.issue("a.example")];
  const folder = await mkdtemp(join(tmpdir(), "tcp-ingress-"));
  try {
    await using backend = await Backend.named("plain");
    const port = await freePort();
    const config = join(folder, "routes.yaml");
    await writeFile(config, manifests(port, backend.port, first));
    await using program = start("cli/main.ts", ["gateway", "--config", config, "--watch"], { LOG_LEVEL: "info" });
    await program.line(/^\{"listeners"/);
    const shown = async (): Promise<string | undefined> => {
      const socket = connect({ port, host: "127.0.0.1", servername: "a.example", ca: authority.certificate });
      using client = new Client(socket);
      await once(socket, "secureConnect");
      assert.equal(await client.text("\n"), "plain\n");
      return socket.getPeerX509Certificate()?.fingerprint256;
    };
    assert.equal(await shown(), first.parsed.fingerprint256);
    await writeFile(`${config}.part`, manifests(port, backend.port, second));
    await rename(`${config}.part`, config);
    await program.line(/Configuration reloaded/);
    assert.equal(await shown(), second.parsed.fingerprint256);
    for (const line of [...program.stdout, ...program.stderr]) assert.ok(!line.includes("PRIVATE KEY"));
  } finally {
    await rm(folder, { recursive: true });
  }
});
