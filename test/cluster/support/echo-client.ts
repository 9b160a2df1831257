import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** One connection to a tcp-echo pod, with its greeting read. */
export class EchoClient implements Disposable {
  readonly greeting: readonly string[];
  readonly #socket: Socket;

  private constructor(socket: Socket, greeting: readonly string[]) {
    this.#socket = socket;
    this.greeting = greeting;
  }

  /** Connects and reads the five lines with which a tcp-echo pod speaks first. Rejects when the connection is refused, reset or closed before. */
  static connect(host: string, port: number): Promise<EchoClient> {
    return EchoClient.greeted(connect({ host, port }), `${host}:${port}`);
  }

  /** As {@link connect}, over a connection that has begun already, which may be one of TLS. */
  static async greeted(socket: Socket, peer: string): Promise<EchoClient> {
    socket.setEncoding("utf8");
    let text = "";
    const lines = await new Promise<string[]>((resolve, reject) => {
      const failed = (): void => reject(new Error(`${peer} closed after ${JSON.stringify(text)}`));
      socket.on("error", reject).on("close", failed);
      socket.on("data", (chunk: string) => {
        text += chunk;
        const complete = text.split("\n");
        if (complete.length > 5) resolve(complete.slice(0, 5));
      });
    });
    socket.removeAllListeners("data");
    socket.removeAllListeners("close");
    socket.pause();
    return new EchoClient(socket, lines);
  }

  /** The name of the pod that answered. */
  get pod(): string {
    const name = /^Running on Pod (.+)\.$/.exec(this.greeting[1] ?? "")?.[1];
    if (name === undefined) throw new Error(`The greeting names no pod: ${JSON.stringify(this.greeting)}`);
    return name;
  }

  /** Sends the text and waits until as many bytes have come back. */
  async echo(text: string): Promise<string> {
    this.#socket.write(text);
    let answer = "";
    this.#socket.resume();
    while (Buffer.byteLength(answer) < Buffer.byteLength(text)) {
      const [chunk] = (await once(this.#socket, "data")) as [string];
      answer += chunk;
    }
    this.#socket.pause();
    return answer;
  }

  [Symbol.dispose](): void {
    this.#socket.removeAllListeners("error").on("error", () => undefined);
    this.#socket.destroy();
  }
}

/** The pods that answered COUNT connections made one after another. */
export async function podsBehind(host: string, port: number, count: number): Promise<Set<string>> {
  const pods = new Set<string>();
  for (let made = 0; made < count; made++) {
    using client = await EchoClient.connect(host, port);
    pods.add(client.pod);
  }
  return pods;
}
