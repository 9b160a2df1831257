import { connect, type Socket } from "node:net";

/** One end of a TCP connection that keeps what it received. */
export class Client implements Disposable {
  readonly socket: Socket;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #ended = false;
  #error: NodeJS.ErrnoException | undefined;
  readonly #closed = Promise.withResolvers<"FIN" | "RST">();
  readonly #waiting = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    socket.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
    socket.on("error", (error) => {
      this.#error = error;
      this.#wake();
    });
    socket.on("close", () => {
      this.#closed.resolve(this.#error === undefined ? "FIN" : "RST");
      this.#wake();
    });
  }

  /** Connects to a port of this machine, each direction closed for itself. A reset may come before anyone could see the connection. */
  static async open(port: number, options: { host?: string; localAddress?: string } = {}): Promise<Client> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true, ...options });
    const client = new Client(socket);
    await Promise.race([new Promise((resolve) => socket.once("connect", resolve)), client.closed]);
    return client;
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get receivedLength(): number {
    return this.#length;
  }

  /** The other side has sent FIN. */
  get ended(): boolean {
    return this.#ended;
  }

  /** How the connection ended, once both directions have. */
  get closed(): Promise<"FIN" | "RST"> {
    return this.#closed.promise;
  }

  send(data: string | Uint8Array): void {
    this.socket.write(data);
  }

  /** Closes the direction from here. */
  end(): void {
    this.socket.end();
  }

  /** Aborts with RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Waits until at least so many bytes are here, and gives all that are. */
  async bytes(count: number): Promise<Buffer> {
    await this.#until(() => this.#length >= count, `${count} bytes`);
    return this.received;
  }

  /** Waits until the text is part of what was received, and gives all of it. */
  async text(part: string): Promise<string> {
    await this.#until(() => this.received.includes(part), JSON.stringify(part));
    return this.received.toString();
  }

  /** Waits for the other side's FIN, and gives all that came before it. */
  async untilEnd(): Promise<Buffer> {
    await this.#until(() => this.#ended, "the end");
    return this.received;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const check = (): void => {
      if (condition()) resolve(undefined);
      else if (this.socket.destroyed) {
        reject(this.#error ?? new Error(`Connection closed before ${what} came: ${this.received.toString()}`));
      } else return;
      this.#waiting.delete(check);
    };
    this.#waiting.add(check);
    check();
    await promise;
  }
}
