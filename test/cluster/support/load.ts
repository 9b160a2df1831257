import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "../../app/support/client.ts";

/** Lines with which a tcp-echo pod speaks first. */
const GREETING_LINES = 5;

/** One connection to a tcp-echo pod, each byte that comes back compared with what was sent. */
class CheckedClient {
  readonly #client: Client;
  /** Bytes that have been looked at. */
  #checked: number;

  private constructor(client: Client, checked: number) {
    this.#client = client;
    this.#checked = checked;
  }

  /** Connects, and reads the greeting; rejects where it is refused, reset or closed. */
  static async open(host: string, port: number): Promise<CheckedClient> {
    const client = await Client.open(port, { host });
    for (let lines = 0; lines < GREETING_LINES;) {
      const { length } = await client.bytes(client.receivedLength + 1);
      lines = client.received.toString("latin1", 0, length).split("\n").length - 1;
    }
    return new CheckedClient(client, client.receivedLength);
  }

  /** Sends bytes and waits until the same have come back. */
  async exchange(bytes: Buffer): Promise<void> {
    this.#client.send(bytes);
    const end = this.#checked + bytes.length;
    const received = await this.#client.bytes(end);
    if (!received.subarray(this.#checked, end).equals(bytes)) throw new Error("Other bytes came back");
    this.#checked = end;
  }

  /** Closes the direction from here, and waits for the other one's FIN with nothing before it. */
  async end(): Promise<void> {
    this.#client.end();
    const { length } = await this.#client.untilEnd();
    if (length !== this.#checked) throw new Error("More bytes came than were sent");
    const how = await this.#client.closed;
    if (how !== "FIN") throw new Error(`Closed by ${how}`);
  }
}

/** What became of the connections of a load. */
export interface Tally {
  /** Connections that did all that they were to do. */
  readonly whole: number;
  /** What went wrong with the others, and when, in milliseconds since the load began. */
  readonly failures: readonly string[];
}

/** Clients that connect one after the other, exchange some bytes and go, at a bounded rate. */
export class Load {
  readonly #began = performance.now();
  readonly #failures: string[] = [];
  readonly #clients: Promise<void>[];
  #whole = 0;
  #stopped = false;

  /**
   * @param clients - that connect at the same time
   * @param interval - milliseconds between two connections of a client
   */
  constructor(host: string, port: number, { clients, interval }: { clients: number; interval: number }) {
    this.#clients = Array.from({ length: clients }, async () => {
      while (!this.#stopped) {
        await this.#count("short", async () => {
          const client = await CheckedClient.open(host, port);
          await client.exchange(randomBytes(3000));
          await client.end();
        });
        await pause(interval);
      }
    });
  }

  /** Opens connections that exchange bytes over and over until they are told to end; resolves when all of them stand. */
  async hold(host: string, port: number, count: number, end: Promise<void>): Promise<void> {
    let over = false;
    void end.then(() => (over = true));
    const opened = await Promise.all(Array.from({ length: count }, () => CheckedClient.open(host, port)));
    for (const client of opened) {
      const life = this.#count("long", async () => {
        while (!over) {
          await client.exchange(randomBytes(500));
          await pause(100);
        }
        await client.end();
      });
      this.#clients.push(life);
    }
  }

  /** How many connections were whole so far. */
  get whole(): number {
    return this.#whole;
  }

  /** Waits until all that has begun is over. */
  async stop(): Promise<Tally> {
    this.#stopped = true;
    await Promise.all(this.#clients);
    return { whole: this.#whole, failures: this.#failures };
  }

  async #count(kind: string, life: () => Promise<void>): Promise<void> {
    const born = Math.round(performance.now() - this.#began);
    try {
      await life();
      this.#whole++;
    } catch (error) {
      const now = Math.round(performance.now() - this.#began);
      this.#failures.push(`${kind}, begun at ${born} ms, at ${now} ms: ${String(error)}`);
    }
  }
}
