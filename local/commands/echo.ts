import { connect } from "node:net";

/** What came of trying a port as a person with `nc` would. */
export interface Answer {
  /** The pod that answered, as its greeting names it; absent when what answered is not tcp-echo. */
  readonly pod?: string;
  /** What was said unasked, line by line. */
  readonly greeting: readonly string[];
  /** Whether a line that was sent came back as it was. Absent when what answered is not tcp-echo. */
  readonly echoed?: boolean;
}

export interface TryOptions {
  readonly signal?: AbortSignal;
  /** How long connecting, and then each answer, may take, in milliseconds. Default: 3000. */
  readonly timeout?: number;
}

/** What is sent to see it come back. */
const line = "hello, app1\n";

/**
 * Connects, waits for a greeting, and if it is tcp-echo's sends a line and waits for it to come back.
 *
 * Something else that listens there may have nothing to say first: then being connected for the time limit is the answer.
 *
 * @throws Error when the connection is refused, reset, closed or not taken in time
 */
export function tryPort(host: string, port: number, options: TryOptions = {}): Promise<Answer> {
  const { signal, timeout = 3_000 } = options;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    let connected = false;
    let sent = false;
    let greeting = "";
    let echo = "";
    const finish = (answer: Answer) => {
      resolve(answer);
      socket.destroy();
    };
    socket.setEncoding("utf8").setTimeout(timeout);
    socket.on("connect", () => (connected = true));
    socket.on("data", (text: string) => {
      if (sent) echo += text;
      else greeting += text;
      const answer = describeGreeting(greeting);
      if (answer.pod === undefined) return;
      if (!sent && isWhole(greeting)) {
        sent = true;
        socket.write(line);
      } else if (echo.length >= line.length) finish({ ...answer, echoed: echo === line });
    });
    socket.on("timeout", () => {
      if (connected) finish({ ...describeGreeting(greeting), ...(sent ? { echoed: false } : {}) });
      else socket.destroy(new Error(`nothing answers within ${String(timeout)} ms`));
    });
    socket.on("error", (error) => {
      reject(unusable(host, port, error));
    });
    socket.on("close", () => {
      reject(unusable(host, port, new Error(`closed${greeting === "" ? "" : " after its greeting"}`)));
    });
  });
}

/**
 * Connects, and no more.
 *
 * @throws Error when the connection is refused or not taken in time
 */
export function tryConnection(host: string, port: number, options: TryOptions = {}): Promise<void> {
  const { signal, timeout = 3_000 } = options;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal }).setTimeout(timeout);
    socket.once("connect", () => {
      resolve();
      socket.destroy();
    });
    socket.once("timeout", () => socket.destroy(new Error(`nothing answers within ${String(timeout)} ms`)));
    socket.once("error", (error) => {
      reject(unusable(host, port, error));
    });
  });
}

function unusable(host: string, port: number, error: Error): Error {
  return new Error(`Cannot use ${host}:${String(port)}: ${error.message}`, { cause: error });
}

/** What tcp-echo's greeting tells. */
export function describeGreeting(text: string): Answer {
  const greeting = text.split("\n").filter((each) => each !== "");
  const pod = greeting.map((each) => /^Running on Pod (.+)\.$/.exec(each)?.[1]).find((each) => each !== undefined);
  return { greeting, ...(pod === undefined ? {} : { pod }) };
}

/** tcp-echo's greeting ends with the service account, and each line with a newline. */
function isWhole(greeting: string): boolean {
  return /^Service .+\.\n/m.test(greeting);
}
