import { constants } from "node:crypto";
import { createSecureContext, createServer, DEFAULT_CIPHERS, type SecureContext, type Server } from "node:tls";
import type { ClientTls, ServerTls } from "../../../../../routing/table.ts";
import {
  clientRequests,
  credentialKey,
  serverRequests,
  type Credential,
  type CredentialRequest,
  type Credentials,
} from "../../../credentials/credentials.ts";

/** What the route table asks for is not there, or cannot be used. */
export class MissingCredential extends Error {
  override readonly name = "MissingCredential";

  constructor({ source }: CredentialRequest) {
    super(
      source.kind === "Secret" ? `Secret ${source.name} is not usable` : `File ${source.certificate} is not usable`,
    );
  }
}

interface Made<Value> {
  readonly from: readonly Credential[];
  readonly value: Value;
}

/** Node's list starts with the cipher suites of TLS 1.3, which `cipherSuites` leaves as they are. */
const tls13Suites = DEFAULT_CIPHERS.split(":").filter((suite) => suite.startsWith("TLS_"));

/** What TLS is ended and begun with in this thread. New credentials are for new connections: each is made again when it is asked for next, if what it is made of has changed. */
export class TlsContexts {
  #credentials: Credentials = new Map();
  readonly #servers = new WeakMap<ServerTls, Made<Server>>();
  readonly #clients = new WeakMap<ClientTls, Made<SecureContext>>();

  /** What {@link Credentials} hold from now on. */
  follow(credentials: Credentials): void {
    this.#credentials = credentials;
  }

  /** Takes connections that it is given (`emit("connection")`) and never listens. @throws {MissingCredential} */
  server(tls: ServerTls): Server {
    return this.#made(this.#servers, tls, serverRequests(tls), (credentials) => createTlsServer(tls, credentials));
  }

  /** @throws {MissingCredential} */
  client(tls: ClientTls): SecureContext {
    return this.#made(this.#clients, tls, clientRequests(tls), (credentials) =>
      createSecureContext(materialOf(credentials)),
    );
  }

  #made<Declared extends object, Value>(
    all: WeakMap<Declared, Made<Value>>,
    declared: Declared,
    requests: readonly CredentialRequest[],
    make: (credentials: readonly Credential[]) => Value,
  ): Value {
    const from = requests.map((request) => {
      const credential = this.#credentials.get(credentialKey(request));
      if (credential === undefined) throw new MissingCredential(request);
      return credential;
    });
    const before = all.get(declared);
    if (before !== undefined && from.every((credential, index) => credential === before.from[index]))
      return before.value;
    const value = make(from);
    all.set(declared, { from, value });
    return value;
  }
}

function createTlsServer(tls: ServerTls, credentials: readonly Credential[]): Server {
  const { mode, cipherSuites, minProtocolVersion: minVersion, maxProtocolVersion: maxVersion } = tls;
  const asksClients = mode !== "SIMPLE";
  return createServer({
    ...materialOf(credentials),
    minVersion,
    maxVersion,
    ...(cipherSuites.length > 0 && { ciphers: [...tls13Suites, ...cipherSuites].join(":") }),
    requestCert: asksClients,
    // Who is refused, and why, is told by verifyClient.
    rejectUnauthorized: false,
    // A session that is resumed would not be verified again: neither by a new authority, nor by a new revocation list.
    ...(asksClients && { secureOptions: constants.SSL_OP_NO_TICKET }),
    pauseOnConnect: true,
    // The gateway's own clock ends a handshake.
    handshakeTimeout: 2 ** 31 - 1,
  });
}

function materialOf(credentials: readonly Credential[]) {
  const all = (field: keyof Credential): string[] => credentials.flatMap((credential) => credential[field] ?? []);
  const [cert, key, ca, crl] = [all("certificate"), all("key"), all("ca"), all("crl")];
  return {
    ...(cert.length > 0 && { cert, key }),
    ...(ca.length > 0 && { ca }),
    ...(crl.length > 0 && { crl }),
  };
}
