import { parseClientHello, type ClientHello } from "../../protocol/client-hello.ts";
import { StageFailure } from "../stage-failure.ts";
import type { Preface } from "./preface.ts";

/** Reads which server a client asks for (SNI) and leaves its bytes as they are, for whoever ends TLS. */
export function clientHelloPreface(timeout: number): Preface {
  return {
    timeout,
    read(bytes, facts) {
      const hello = parseClientHello(bytes);
      if (hello.kind === "incomplete") return { wanted: hello.wanted };
      if (hello.kind !== "hello") throw new StageFailure("client_hello_error", reasonOf(hello));
      facts.serverName = hello.serverName;
      facts.alpn = hello.alpn;
      return { taken: 0 };
    },
    expire(received) {
      const detail = `No whole ClientHello within ${timeout} ms: ${received} bytes came`;
      throw new StageFailure("client_hello_timeout", detail);
    },
  };
}

function reasonOf(hello: Exclude<ClientHello, { kind: "hello" | "incomplete" }>): string {
  switch (hello.kind) {
    case "too-large":
      return "The ClientHello is larger than 16 KiB";
    case "malformed":
      return `The client's first bytes cannot be used as ${hello.why}`;
    case "not-tls":
      return "The client does not speak TLS";
  }
}
