import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { suite, test } from "node:test";
import { Repository, type ImageSource } from "../../../local/images/registry.ts";

const sha256 = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** The part of a registry that a push and a look-up need. It refuses a blob whose digest is wrong, as a real one does. */
async function startRegistry() {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, Buffer>();
  const uploads = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const url = new URL(request.url ?? "", "http://registry");
      const [, tag] = /\/manifests\/(.+)$/.exec(url.pathname) ?? [];
      if (request.method === "HEAD" && tag !== undefined) {
        const manifest = manifests.get(tag);
        if (manifest === undefined) return response.writeHead(404).end();
        return response.writeHead(200, { "docker-content-digest": sha256(manifest) }).end();
      }
      if (request.method === "PUT" && tag !== undefined) {
        manifests.set(tag, body);
        return response.writeHead(201).end();
      }
      if (request.method === "POST") {
        return response.writeHead(202, { location: `${url.pathname}${String(uploads.size)}?state=a` }).end();
      }
      if (request.method === "PATCH") {
        uploads.set(url.pathname, body);
        return response.writeHead(202, { location: `${url.pathname}?state=b` }).end();
      }
      const uploaded = uploads.get(url.pathname) ?? Buffer.alloc(0);
      const right = url.searchParams.get("digest") === sha256(uploaded) && url.searchParams.get("state") === "b";
      if (right) blobs.set(sha256(uploaded), uploaded);
      return response.writeHead(right ? 201 : 400).end(right ? "" : "DIGEST_INVALID");
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    blobs,
    manifests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function image(): ImageSource {
  const content = async function* () {
    yield Buffer.from("first ");
    yield await Promise.resolve(Buffer.from("layer"));
  };
  return { architecture: "amd64", config: { Cmd: ["node"] }, layers: [{ createdBy: "test", content: content() }] };
}

suite("push to a registry", () => {
  test("manifest, configuration and layer refer to each other by what they are", async () => {
    await using registry = await startRegistry();
    const digest = await new Repository(registry.address, "base/node").push("26", image());
    const manifest = registry.manifests.get("26") ?? Buffer.alloc(0);
    assert.equal(digest, sha256(manifest));
    const { config, layers } = JSON.parse(manifest.toString()) as {
      config: { digest: string; size: number };
      layers: { digest: string; size: number }[];
    };
    const layer = Buffer.from("first layer");
    assert.deepEqual(layers, [
      { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: sha256(layer), size: layer.length },
    ]);
    const stored = registry.blobs.get(config.digest) ?? Buffer.alloc(0);
    assert.equal(stored.length, config.size);
    const { rootfs } = JSON.parse(stored.toString()) as { rootfs: { diff_ids: string[] } };
    assert.deepEqual(rootfs.diff_ids, [sha256(layer)]);
  });

  test("the same source makes the same digest, which the tag then has", async () => {
    await using registry = await startRegistry();
    const repository = new Repository(registry.address, "base/node");
    assert.equal(await repository.digestOf("26"), undefined);
    const digest = await repository.push("26", image());
    assert.equal(await repository.push("26", image()), digest);
    assert.equal(await repository.digestOf("26"), digest);
  });

  test("what the registry refuses is told with its words", async () => {
    const server = createServer((_request, response) => response.writeHead(507).end("disk full")).listen(
      0,
      "127.0.0.1",
    );
    await once(server, "listening");
    const address = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    await assert.rejects(new Repository(address, "base/node").push("26", image()), {
      message: `Cannot begin an upload to ${address}/base/node: the registry answered 507 disk full`,
    });
    server.closeAllConnections();
    server.close();
  });
});
