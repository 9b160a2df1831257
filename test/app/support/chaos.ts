/** Clients and an upstream that behave as the world does; those that behave well check every byte. */
import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Backend } from "./backend.ts";
import { Client } from "./client.ts";
import { Random } from "./random.ts";

/** What the upstream says before anyone asks. */
const GREETING = "ready\n";

/** The first byte of a client tells the upstream how to behave. */
const orders = {
  echo: "e",
  /** Sends the line that was sent to it, and FIN, and goes on reading. */
  finish: "f",
  reset: "r",
  /** Reads no more. */
  stall: "s",
} as const;

/** An upstream that obeys. */
export function startChaosBackend(): Promise<Backend> {
  return Backend.start((client) => {
    const { socket } = client;
    client.send(GREETING);
    // Who never spoke, or is not read, has nothing to wait for when it goes.
    socket.on("end", () => client.end());
    socket.once("data", (first: Buffer) => {
      switch (first.toString("latin1", 0, 1)) {
        case orders.reset:
          client.reset();
          break;
        case orders.stall:
          socket.pause();
          break;
        case orders.finish:
          void client.text("\n").then((text) => {
            client.send(text.slice(1));
            client.end();
          });
          break;
        default:
          socket.write(first.subarray(1));
          // Holds no more than the gateway would.
          socket.on("data", (chunk: Buffer) => {
            if (!socket.write(chunk)) socket.pause();
          });
          socket.on("drain", () => socket.resume());
      }
    });
  });
}

/** Sends in pieces of any size, as the kernel takes them. */
async function sendInPieces(client: Client, data: Buffer, random: Random, largest: number): Promise<void> {
  for (let sent = 0; sent < data.length;) {
    const piece = data.subarray(sent, sent + 1 + random.below(largest));
    sent += piece.length;
    client.send(piece);
    if (random.below(4) === 0) await nextTurn();
  }
}

/** Sends data, half-closes and takes all of it back; `largest` is the size of the largest piece. */
async function echo(client: Client, random: Random, length: number, largest: number): Promise<void> {
  const data = random.bytes(length);
  client.send(orders.echo);
  await sendInPieces(client, data, random, largest);
  client.end();
  client.socket.resume();
  const received = await client.untilEnd();
  assert.equal(received.subarray(0, GREETING.length).toString(), GREETING);
  assert.ok(
    received.subarray(GREETING.length).equals(data),
    `${received.length} bytes came back, or others than the ${length} sent`,
  );
  assert.equal(await client.closed, "FIN");
}

/** What a client may do with its connection. Each ends it. */
export const behaviours = {
  echoes: (client, random) => echo(client, random, random.below(300_000), 20_000),
  trickles: (client, random) => echo(client, random, random.below(200), 1),
  "reads late": async (client, random) => {
    client.socket.pause();
    await echo(client, random, random.below(1_000_000), 100_000);
  },
  "is left first": async (client) => {
    client.send(`${orders.finish}last words\n`);
    assert.equal((await client.untilEnd()).toString(), `${GREETING}last words\n`);
    client.end();
    assert.equal(await client.closed, "FIN");
  },
  "is reset": async (client) => {
    client.send(orders.reset);
    assert.equal(await client.closed, "RST");
  },
  "never speaks": async (client) => {
    await client.text(GREETING);
    client.end();
  },
  "aborts at once": (client) => client.reset(),
  "aborts when greeted": async (client) => {
    await client.text(GREETING);
    client.reset();
  },
  "aborts in mid-stream": async (client, random) => {
    client.send(orders.echo);
    client.send(random.bytes(random.below(500_000)));
    await client.bytes(GREETING.length + 1).catch(() => undefined);
    client.reset();
  },
  "aborts after its FIN": async (client, random) => {
    client.send(orders.echo);
    client.send(random.bytes(random.below(100_000)));
    client.end();
    await client.text(GREETING);
    client.reset();
  },
  "goes without a word": async (client, random) => {
    client.send(orders.echo);
    client.send(random.bytes(random.below(100_000)));
    await nextTurn();
    client.socket.destroy();
  },
  "is not read, and aborts": async (client, random) => {
    client.send(orders.stall);
    client.send(random.bytes(random.below(1_000_000)));
    await client.text(GREETING);
    client.reset();
  },
} as const satisfies Record<string, (client: Client, random: Random) => Promise<void> | void>;

const names = Object.keys(behaviours) as [keyof typeof behaviours, ...(keyof typeof behaviours)[]];

/** How one client fared. */
export interface Visit {
  readonly behaviour: keyof typeof behaviours;
  /** undefined: as it should be. */
  readonly error: Error | undefined;
}

/** One client that behaves somehow. */
export async function visit(connect: () => Promise<Client>, random: Random): Promise<Visit> {
  const behaviour = random.pick(names);
  try {
    using client = await connect();
    await behaviours[behaviour](client, random);
    return { behaviour, error: undefined };
  } catch (error) {
    return { behaviour, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Many clients, so many of them at a time. */
export async function chaos(
  connect: () => Promise<Client>,
  { seed, visits, together }: { readonly seed: number; readonly visits: number; readonly together: number },
): Promise<Visit[]> {
  const done: Visit[] = [];
  let begun = 0;
  await Promise.all(
    Array.from({ length: together }, async (_, lane) => {
      const random = new Random(seed * 1000 + lane);
      while (begun++ < visits) done.push(await visit(connect, random));
    }),
  );
  return done;
}
