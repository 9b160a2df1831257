import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { download, findChecksum } from "../../../local/toolchain/download.ts";
import { isReachable } from "../../../local/toolchain/network.ts";

const content = "a tool";
const hash = createHash("sha256").update(content).digest("hex");
const wrong = hash.replaceAll(/./g, "0");

suite("downloads", () => {
  const { signal } = new AbortController();
  let folder: string;
  let site: string;
  let server: Server;
  const asked: string[] = [];
  const files: Record<string, string> = {
    "/tool": content,
    "/SUMS": `${wrong}  other\n${hash}  tool\n`,
    "/wrong": wrong,
    "/none": "",
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "download-"));
    process.env.TCP_INGRESS_CACHE = folder;
    server = createServer((request, response) => {
      asked.push(`${String(request.method)} ${String(request.url)}`);
      const body = files[request.url ?? ""];
      response.writeHead(body === undefined ? 404 : 200).end(body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    site = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });

  after(async () => {
    delete process.env.TCP_INGRESS_CACHE;
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  test("are kept when they have the published hash", async () => {
    await download({ url: `${site}/tool`, checksums: `${site}/SUMS` }, join(folder, "tool"), signal);
    assert.equal(await readFile(join(folder, "tool"), "utf8"), content);
  });

  test("are refused with another hash, with none, and when they are not there", async () => {
    const fetched = (url: string, checksums: string) =>
      download({ url: site + url, checksums: site + checksums }, join(folder, "x"), signal);
    await assert.rejects(fetched("/tool", "/wrong"), /^DownloadError: Cannot use http\S+\/tool as its SHA-256 is/);
    await assert.rejects(fetched("/tool", "/none"), /^DownloadError: Cannot check .* holds no hash of it$/);
    await assert.rejects(
      fetched("/missing", "/wrong"),
      /^DownloadError: Cannot fetch .*: the answer is 404 Not Found$/,
    );
  });

  test("find their hash by name, a lone one being everybody's", () => {
    assert.equal(findChecksum(`${wrong}  b\n${hash} *./dist/a\n`, "a"), hash);
    assert.equal(findChecksum(`${hash}\n`, "a"), hash);
    assert.equal(findChecksum(`${wrong}  b\n`, "a"), undefined);
    assert.equal(findChecksum("<html>", "a"), undefined);
  });

  test("are asked for only where the site answers, which is tried once", async () => {
    asked.length = 0;
    assert.equal(await isReachable(`${site}/tool`, signal), true);
    assert.equal(await isReachable(`${site}/other`, signal), true);
    assert.deepEqual(asked, ["HEAD /"]);
  });

  test("leave a site that does not answer alone for a day", async () => {
    // A port that nothing listens on: it was somebody's a moment ago.
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const url = `http://127.0.0.1:${String((closed.address() as AddressInfo).port)}/tool`;
    closed.close();
    await once(closed, "close");
    const day = 24 * 60 * 60 * 1_000;
    assert.equal(await isReachable(url, signal, 0), false);
    const remembered = await readFile(join(folder, "unreachable.json"), "utf8");
    assert.deepEqual(Object.values(JSON.parse(remembered) as object), [0]);
    assert.equal(await isReachable(url, signal, day - 1), false);
    assert.equal(await readFile(join(folder, "unreachable.json"), "utf8"), remembered);
    await isReachable(url, signal, day);
    assert.deepEqual(Object.values(JSON.parse(await readFile(join(folder, "unreachable.json"), "utf8")) as object), [
      day,
    ]);
  });
});
