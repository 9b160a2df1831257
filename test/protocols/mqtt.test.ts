import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { freePort } from "../app/support/ports.ts";
import { startCommand, type Program } from "../app/support/program.ts";
import { client, digestOf, writeRandom } from "./support/client.ts";
import { startDaemon } from "./support/daemon.ts";
import { Folder } from "./support/folder.ts";
import { Gateway } from "./support/gateway.ts";
import { unprivileged } from "./support/unprivileged.ts";

describe("MQTT through the gateway", () => {
  const stack = new AsyncDisposableStack();
  let folder: Folder;
  let broker: Program;
  let gateway: Gateway;

  before(async () => {
    folder = stack.use(await Folder.create());
    const port = await freePort();
    const settings = [`listener ${port} 127.0.0.1`, "allow_anonymous true", "log_type all", "log_dest stderr"];
    await writeFile(folder.file("mosquitto.conf"), `${settings.join("\n")}\n`);
    broker = stack.use(
      await startDaemon(...unprivileged("mosquitto", ["-c", folder.file("mosquitto.conf")]), { ready: /running$/ }),
    );
    gateway = stack.use(await Gateway.start(port));
  });
  after(() => stack.disposeAsync());

  const to = (...args: string[]): string[] => ["-h", "127.0.0.1", "-p", String(gateway.port), ...args];

  /** A subscriber whose subscription stands. */
  async function subscribe(id: string, ...args: string[]): Promise<Program> {
    const subscriber = startCommand("mosquitto_sub", to("-i", id, ...args));
    await broker.line(new RegExp(`Sending SUBACK to ${id}$`));
    return subscriber;
  }

  for (const [qos, last] of [
    [0, "CONNACK"],
    [1, "PUBACK"],
    [2, "PUBCOMP"],
  ] as const) {
    test(`messages of QoS ${qos} come in order, each once`, async () => {
      const topic = `qos/${qos}`;
      const messages = Array.from({ length: 200 }, (_, index) => `message ${index}`);
      await using subscriber = await subscribe(`reader-${qos}`, "-q", String(qos), "-t", topic, "-C", "200");
      await writeFile(folder.file(topic.replace("/", "-")), `${messages.join("\n")}\n`);
      const file = folder.file(topic.replace("/", "-"));
      const args = to("-i", `writer-${qos}`, "-q", String(qos), "-t", topic, "-l");
      await client("sh", ["-c", 'exec mosquitto_pub "$@" < "$0"', file, ...args]);
      assert.equal((await subscriber.exit).code, 0);
      assert.deepEqual(subscriber.stdout, messages);
      await broker.line(new RegExp(`Sending ${last} to writer-${qos} `));
    });
  }

  test("a retained message of a megabyte comes as it was", async () => {
    await writeRandom(folder.file("retained"), 1024 * 1024);
    await client("mosquitto_pub", to("-q", "2", "-r", "-t", "retained", "-f", folder.file("retained")));
    const args = to("-q", "2", "-t", "retained", "-C", "1", "-N");
    await client("sh", ["-c", 'exec mosquitto_sub "$@" > "$0"', folder.file("received"), ...args]);
    assert.equal(await digestOf(folder.file("received")), await digestOf(folder.file("retained")));
  });

  test("a silent client keeps its connection by its keepalive", async () => {
    await using silent = await subscribe("silent", "-k", "5", "-q", "1", "-t", "late");
    await broker.line(/Received PINGREQ from silent$/);
    await broker.line(/Sending PINGRESP to silent$/);
    await client("mosquitto_pub", to("-q", "1", "-t", "late", "-m", "still heard"));
    await silent.line(/^still heard$/);
  });

  test("a client that is gone without a word leaves its will", async () => {
    await using heir = await subscribe("heir", "-q", "1", "-t", "wills");
    const will = ["--will-topic", "wills", "--will-payload", "all to the heir", "--will-qos", "1"];
    await using mortal = await subscribe("mortal", "-t", "life", ...will);
    mortal.kill("SIGKILL");
    await heir.line(/^all to the heir$/);
  });

  test("no connection ended otherwise than its two ends wanted", async () => {
    const records = await gateway.end();
    assert.equal(records.length, 12);
    const reasons = new Set(records.map(({ reason }) => reason));
    // Who is killed does not read what is still on its way, which the kernel answers with a reset.
    assert.deepEqual([...reasons.difference(new Set(["finished", "downstream_reset"]))], []);
  });
});
