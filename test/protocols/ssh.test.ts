import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { getuid } from "node:process";
import { after, before, describe, test } from "node:test";
import { Backend } from "../app/support/backend.ts";
import { Client } from "../app/support/client.ts";
import { freePort } from "../app/support/ports.ts";
import { startCommand } from "../app/support/program.ts";
import { client, digestOf, writeRandom } from "./support/client.ts";
import { startDaemon } from "./support/daemon.ts";
import { Folder } from "./support/folder.ts";
import { Gateway } from "./support/gateway.ts";
import { UNPRIVILEGED_ID, unprivileged } from "./support/unprivileged.ts";

/** Who logs in: a server that is not root's lets only its own user in, and that user needs a shell. */
const visitor = getuid?.() === 0 ? "visitor" : userInfo().username;

/** A command that sees a list of users with {@link visitor} in it, where the tests run as root; mount_namespaces(7) keeps that from all others. */
async function knowingVisitor(folder: Folder, command: string, args: readonly string[]): Promise<[string, string[]]> {
  const [program, rest] = unprivileged(command, args);
  if (getuid?.() !== 0) return [program, rest];
  await writeFile(
    folder.file("passwd"),
    `root:x:0:0::/root:/bin/sh\n${visitor}:x:${UNPRIVILEGED_ID}:${UNPRIVILEGED_ID}::${folder.path}:/bin/sh\n`,
  );
  const script = 'mount --bind "$0" /etc/passwd && exec "$@"';
  return ["unshare", ["--mount", "sh", "-c", script, folder.file("passwd"), program, ...rest]];
}

describe("SSH through the gateway", () => {
  const stack = new AsyncDisposableStack();
  let folder: Folder;
  let gateway: Gateway;

  before(async () => {
    folder = stack.use(await Folder.create());
    for (const name of ["host", "key"]) {
      await client("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", folder.file(name)]);
    }
    const port = await freePort();
    const options = [
      "ListenAddress=127.0.0.1",
      `HostKey=${folder.file("host")}`,
      `AuthorizedKeysFile=${folder.file("key.pub")}`,
      "PidFile=none",
      "StrictModes=no",
      "UsePAM=no",
      "Subsystem=sftp internal-sftp",
    ].flatMap((option) => ["-o", option]);
    // sshd starts itself anew for each connection, so it has to be called by its whole path.
    const args = ["-c", 'exec "$(command -v sshd)" "$@"', "sshd", "-D", "-e", "-f", "/dev/null", "-p", String(port)];
    const command = await knowingVisitor(folder, "sh", [...args, ...options]);
    stack.use(await startDaemon(...command, { ready: /Server listening/ }));
    gateway = stack.use(await Gateway.start(port));
    const [type, key] = (await readFile(folder.file("host.pub"), "utf8")).split(" ");
    await writeFile(folder.file("known_hosts"), `[127.0.0.1]:${gateway.port} ${type} ${key}`);
  });
  after(() => stack.disposeAsync());

  /** Options that ssh and scp have in common: this server's key and no other is trusted. */
  const options = (): string[] => [
    ...["-F", "/dev/null", "-i", folder.file("key"), "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes"],
    ...["-o", `UserKnownHostsFile=${folder.file("known_hosts")}`, "-o", "StrictHostKeyChecking=yes"],
    ...["-o", "GlobalKnownHostsFile=/dev/null"],
  ];
  const ssh = (...args: string[]): string[] => [
    ...options(),
    ...["-p", String(gateway.port), "-l", visitor, "127.0.0.1", ...args],
  ];

  test("a command runs over there, and its exit code comes back", async () => {
    assert.equal(await client("ssh", ssh("echo here; exit 0")), "here\n");
    await assert.rejects(client("ssh", ssh("exit 7")), { exitCode: 7 });
  });

  test("files of megabytes are copied there and back as they were", async () => {
    await writeRandom(folder.file("original"), 8 * 1024 * 1024);
    const remote = (name: string): string => `${visitor}@127.0.0.1:${folder.file(name)}`;
    const scp = (...args: string[]): Promise<string> =>
      client("scp", [...options(), "-P", String(gateway.port), "-q", ...args]);
    await scp(folder.file("original"), remote("there"));
    await scp(remote("there"), folder.file("back"));
    assert.equal(await digestOf(folder.file("back")), await digestOf(folder.file("original")));
  });

  test("a tunnel carries connections both ways, with their ends", async () => {
    await using backend = await Backend.named("through the tunnel");
    const port = await freePort();
    const forward = ["-N", "-v", "-o", "ExitOnForwardFailure=yes", "-L", `127.0.0.1:${port}:127.0.0.1:${backend.port}`];
    await using tunnel = startCommand("ssh", [...forward, ...ssh()]);
    await tunnel.line(/Entering interactive session/);
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        using one = await Client.open(port);
        const text = `${index} `.repeat(20_000);
        one.send(text);
        one.end();
        assert.equal((await one.untilEnd()).toString(), `through the tunnel\n${text}`);
      }),
    );
  });

  test("a session goes on over a change of its route", async () => {
    await using session = startCommand("ssh", ssh("cat"));
    session.write("before\n");
    await session.line(/^before$/);
    await using elsewhere = await Backend.start((stranger) => stranger.socket.once("data", () => stranger.reset()));
    await gateway.route(elsewhere.port);
    await assert.rejects(client("ssh", ssh("true")), { exitCode: 255 });
    session.write("after\n");
    await session.line(/^after$/);
  });

  test("no connection ended otherwise than its two ends wanted", async () => {
    const records = await gateway.end();
    assert.deepEqual(
      records.filter(({ reason }) => reason === "upstream_reset").map(({ listener }) => listener),
      [gateway.port],
    );
    const reasons = new Set(records.map(({ reason }) => reason));
    // Clients that are killed may leave something unread.
    assert.deepEqual([...reasons.difference(new Set(["finished", "downstream_reset", "upstream_reset"]))], []);
  });
});
