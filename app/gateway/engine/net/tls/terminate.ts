import { AsyncLocalStorage } from "node:async_hooks";
import type { Socket } from "node:net";
import type { Server, TLSSocket } from "node:tls";
import type { ServerTls } from "../../../../../routing/table.ts";
import type { ClientFacts } from "../../record.ts";
import { carry } from "../sockets.ts";
import { StageFailure } from "../../stage-failure.ts";
import type { StageContext } from "../stage.ts";
import { MissingCredential } from "./contexts.ts";
import { refusalOf } from "./verify-client.ts";

/** Who waits for a handshake. */
interface Handshake {
  readonly done: (socket: TLSSocket) => void;
  readonly failed: (error: Error) => void;
}

/** A TLS server tells of a handshake by a socket that it has made itself; whose it is goes with the asynchronous context that the client was handed over in. */
const handshakes = new AsyncLocalStorage<Handshake>();

const known = new WeakSet<Server>();

/**
 * Ends TLS. The socket that is given back carries the plain bytes and is paused; its FIN is a close_notify and TCP's FIN behind it, and it takes either of them for one.
 *
 * @param client - paused; what it has been read of is given back to it
 * @param timeout - milliseconds that the handshake may take
 * @throws {StageFailure} where there is no handshake, in time, with a client that may go on
 */
export async function terminateTls(
  client: Socket,
  tls: ServerTls,
  timeout: number,
  facts: ClientFacts,
  context: StageContext,
): Promise<Socket> {
  const socket = await shakeHands(serverOf(tls, context), client, timeout, context);
  const refusal = refusalOf(socket, tls);
  if (refusal !== undefined) throw new StageFailure("tls_handshake_failure", refusal);
  facts.tls = {
    version: socket.getProtocol() ?? "",
    cipher: socket.getCipher().name,
    peerSubject: socket.getPeerX509Certificate()?.subject,
  };
  return socket;
}

function serverOf(tls: ServerTls, { tls: contexts }: StageContext): Server {
  try {
    const server = contexts.server(tls);
    if (!known.has(server)) {
      known.add(server);
      server.on("secureConnection", (socket) => handshakes.getStore()?.done(socket));
      server.on("tlsClientError", (error) => handshakes.getStore()?.failed(error));
    }
    return server;
  } catch (error) {
    if (error instanceof MissingCredential) throw new StageFailure("tls_certificate_missing", error.message);
    throw error;
  }
}

function shakeHands(
  server: Server,
  client: Socket,
  timeout: number,
  { clock, signal }: StageContext,
): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const stop = (): void => {
    cancelTimeout();
    signal.removeEventListener("abort", gone);
  };
  const fail = (reason: "tls_handshake_failure" | "tls_handshake_timeout", detail: string): void => {
    stop();
    reject(new StageFailure(reason, detail));
  };
  const gone = (): void => fail("tls_handshake_failure", "The client closed during the TLS handshake");
  const cancelTimeout = clock.after(timeout, () =>
    fail("tls_handshake_timeout", `No TLS handshake within ${timeout} ms`),
  );
  signal.addEventListener("abort", gone);
  const handshake: Handshake = {
    done: (socket) => {
      stop();
      socket.allowHalfOpen = true;
      carry(socket, client);
      resolve(socket);
    },
    failed: (error) => fail("tls_handshake_failure", `TLS handshake failed: ${explain(error)}`),
  };
  // A client that sends FIN during the handshake will not end it; with half-open sockets nobody would notice.
  client.allowHalfOpen = false;
  handshakes.run(handshake, () => server.emit("connection", client));
  return promise;
}

/** OpenSSL's reason, without its addresses and file names. */
function explain(error: Error & { readonly reason?: string }): string {
  return error.reason ?? error.message;
}
