import { parseClientHello, type ClientHello } from "../../../protocol/client-hello.ts";
import { StageFailure } from "../stage.ts";
import { readFirstBytes } from "./first-bytes.ts";
import type { Preface } from "./index.ts";

/** Reads which server a client asks for (SNI) and leaves its bytes as they are, for whoever ends TLS. */
export function clientHelloPreface(timeout: number): Preface {
  return async (client, facts, context) => {
    const first = await readFirstBytes<ClientHello>(client, timeout, context, (bytes) => {
      const hello = parseClientHello(bytes);
      return hello.kind === "incomplete" ? { wanted: hello.wanted } : { result: hello, taken: 0 };
    });
    if (first.kind === "timeout") {
      throw new StageFailure(
        "client_hello_timeout",
        `No whole ClientHello within ${timeout} ms: ${first.received} bytes came`,
      );
    }
    const hello = first.result;
    if (hello.kind !== "hello") throw new StageFailure("client_hello_error", reasonOf(hello));
    facts.serverName = hello.serverName;
    facts.alpn = hello.alpn;
  };
}

function reasonOf(hello: Exclude<ClientHello, { kind: "hello" }>): string {
  switch (hello.kind) {
    case "too-large":
      return "The ClientHello is larger than 16 KiB";
    case "malformed":
      return `The client's first bytes cannot be used as ${hello.why}`;
    case "not-tls":
    case "incomplete":
      return "The client does not speak TLS";
  }
}
