import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { Backend } from "../app/support/backend.ts";
import { freePort } from "../app/support/ports.ts";
import { startCommand, type Program } from "../app/support/program.ts";
import { client, digestOf } from "./support/client.ts";
import { startDaemon } from "./support/daemon.ts";
import { Folder } from "./support/folder.ts";
import { Gateway } from "./support/gateway.ts";
import { unprivileged } from "./support/unprivileged.ts";

/** A server with nothing in it yet. */
async function startPostgresql(folder: Folder): Promise<{ readonly port: number; readonly program: Program }> {
  const data = folder.file("data");
  await client(
    ...unprivileged("initdb", ["--username=postgres", "--auth=trust", "--no-sync", "--no-locale", "-E", "UTF8", data]),
  );
  const port = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${folder.path}`,
    "fsync=off",
    "shared_buffers=16MB",
  ];
  const args = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  const program = await startDaemon(...unprivileged("postgres", args), {
    ready: /ready to accept connections/,
    stop: "SIGINT",
  });
  return { port, program };
}

describe("PostgreSQL through the gateway", () => {
  const stack = new AsyncDisposableStack();
  let folder: Folder;
  let server: number;
  let gateway: Gateway;

  before(async () => {
    folder = stack.use(await Folder.create());
    const { port, program } = await startPostgresql(folder);
    stack.use(program);
    server = port;
    gateway = stack.use(await Gateway.start(server));
  });
  after(() => stack.disposeAsync());

  const target = (): string[] => ["-h", "127.0.0.1", "-p", String(gateway.port), "-U", "postgres"];
  const psqlArgs = (...args: string[]): string[] => [
    ...target(),
    "-XqAt",
    "-v",
    "ON_ERROR_STOP=1",
    ...args,
    "postgres",
  ];
  const sql = async (text: string): Promise<string> => (await client("psql", psqlArgs("-c", text))).trim();

  test("pgbench's transactions all succeed", async () => {
    await client("pgbench", [...target(), "-i", "-q", "postgres"]);
    const report = await client("pgbench", [...target(), "-c", "8", "-j", "2", "-t", "400", "postgres"]);
    assert.match(report, /number of transactions actually processed: 3200\/3200/);
    assert.match(report, /number of failed transactions: 0 /);
    assert.equal(await sql("SELECT count(*) FROM pgbench_history"), "3200");
  });

  test("pgbench connects anew for each transaction", async () => {
    const report = await client("pgbench", [...target(), "-S", "-C", "-c", "4", "-t", "25", "postgres"]);
    assert.match(report, /number of transactions actually processed: 100\/100/);
  });

  test("COPY brings megabytes in and out again as they were", async () => {
    const rows = Array.from({ length: 100_000 }, (_, row) => `${row}\t${"x".repeat(row % 100)}\t${row * 7919}`);
    await writeFile(folder.file("in.tsv"), `${rows.join("\n")}\n`);
    await sql("CREATE TABLE copied (a int, b text, c bigint)");
    await sql(`\\copy copied FROM '${folder.file("in.tsv")}'`);
    await sql(`\\copy (SELECT * FROM copied ORDER BY a) TO '${folder.file("out.tsv")}'`);
    assert.equal(await digestOf(folder.file("out.tsv")), await digestOf(folder.file("in.tsv")));
  });

  test("a transaction goes on over a change of its route", async () => {
    await sql("CREATE TABLE kept (a int)");
    await using session = startCommand("psql", psqlArgs());
    session.write("BEGIN;\nINSERT INTO kept VALUES (1) RETURNING 'inserted';\n");
    await session.line(/^inserted$/);

    // Only once it has been spoken to: a reset that outruns the news of the connect counts as a connect that failed.
    await using elsewhere = await Backend.start((stranger) => stranger.socket.once("data", () => stranger.reset()));
    await gateway.route(elsewhere.port);
    await assert.rejects(sql("SELECT 1"), /server closed the connection|Connection reset/);
    session.write("INSERT INTO kept VALUES (2) RETURNING 'still here';\n");
    await session.line(/^still here$/);
    await gateway.route(server);
    assert.equal(await sql("SELECT count(*) FROM kept"), "0");
    session.write("COMMIT;\n\\q\n");
    assert.equal((await session.exit).code, 0);
    assert.equal(await sql("SELECT count(*) FROM kept"), "2");
  });

  test("a query is cancelled by a second connection", async () => {
    const endless = "DO $$ BEGIN RAISE NOTICE 'begun'; LOOP END LOOP; END $$";
    await using session = startCommand("psql", psqlArgs("-c", endless));
    // A notice comes while its statement goes on.
    await session.line(/NOTICE: +begun$/);
    session.kill("SIGINT");
    await session.line(/canceling statement due to user request/);
    assert.equal((await session.exit).code, 1);
  });

  test("no connection ended otherwise than its two ends wanted", async () => {
    const records = await gateway.end();
    assert.ok(records.length > 120, `${records.length} connections`);
    // The one that the other route led to a server that resets.
    const unexpected = records.filter(({ reason }) => reason !== "finished");
    assert.deepEqual(
      unexpected.map(({ reason }) => reason),
      ["upstream_reset"],
      JSON.stringify(unexpected),
    );
  });
});
