import { isIP, type Socket } from "node:net";
import { checkServerIdentity, connect, type PeerCertificate, type SecureContext } from "node:tls";
import type { ClientTls } from "../../../../../routing/table.ts";
import { carry } from "../sockets.ts";
import { StageFailure } from "../../stage-failure.ts";
import type { StageContext } from "../stage.ts";
import { MissingCredential } from "./contexts.ts";
import { alternativeNames } from "./verify-client.ts";

/**
 * Begins TLS with an endpoint. The socket that is given back carries the plain bytes, as that of `terminateTls`.
 *
 * @param raw - connected, and nothing of it read yet
 * @throws {StageFailure} where the handshake fails, or the endpoint's certificate is not what is asked for
 */
export function originateTls(raw: Socket, tls: ClientTls, { signal, tls: contexts }: StageContext): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  let secureContext: SecureContext;
  try {
    secureContext = contexts.client(tls);
  } catch (error) {
    if (error instanceof MissingCredential) return Promise.reject(failure(error.message));
    throw error;
  }
  const socket = connect({
    socket: raw,
    secureContext,
    // RFC 6066, section 3: an address is no server name.
    servername: isIP(tls.serverName) === 0 ? tls.serverName : "",
    rejectUnauthorized: !tls.insecureSkipVerify,
    checkServerIdentity: (_name, certificate) => identityError(tls.subjectAltNames, certificate),
  });
  const stop = (): void => {
    socket.off("secureConnect", done).off("error", failed).off("close", closed);
    signal.removeEventListener("abort", closed);
  };
  const done = (): void => {
    stop();
    carry(socket, raw);
    resolve(socket.pause());
  };
  const failed = (error: Error & { readonly reason?: string }): void => {
    stop();
    socket.on("error", () => undefined).destroy();
    reject(failure(error.reason ?? error.message));
  };
  const closed = (): void => failed(new Error("the connection was closed during the handshake"));
  socket.on("secureConnect", done).on("error", failed).on("close", closed);
  signal.addEventListener("abort", closed);
  return promise;
}

function failure(why: string): StageFailure {
  return new StageFailure("upstream_tls_failure", `TLS with the endpoint failed: ${why}`);
}

/** undefined: the certificate has one of the names. URIs are compared as they are; host names and addresses as RFC 9525 says. */
function identityError(names: readonly string[], certificate: PeerCertificate): Error | undefined {
  const uris = alternativeNames(certificate.subjectaltname);
  const fits = names.some((name) =>
    name.includes("://") ? uris.includes(name) : checkServerIdentity(name, certificate) === undefined,
  );
  return fits ? undefined : new Error(`its certificate has none of the names ${names.join(", ")}`);
}
