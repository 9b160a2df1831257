import { loadLibc, type Libc } from "../../native/libc.ts";
import {
  AF_INET6,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../native/constants.ts";
import { portOf, socketAddress, type Family } from "../../native/socket-address.ts";
import { BACKLOG } from "../net/listen.ts";

/**
 * Sockets that listen on one address, one for each worker: the kernel spreads connections over them (SO_REUSEPORT, socket(7)). They are held here, and a
 * worker accepts from a duplicate: the socket of a worker that has died goes on listening, and what waits in its queue is its successor's.
 */
export class ListeningSockets {
  readonly port: number;
  readonly #libc: Libc;
  readonly #fds: readonly number[];

  private constructor(libc: Libc, fds: readonly number[], port: number) {
    this.#libc = libc;
    this.#fds = fds;
    this.port = port;
  }

  /**
   * Binds and listens; throws the system's error.
   *
   * @param host - an IP address; undefined: all of IPv4 and IPv6
   * @param port - 0: a free one
   */
  static open(host: string | undefined, port: number, count: number): ListeningSockets {
    const libc = loadLibc();
    if (libc === undefined) throw new Error("this machine cannot share a port among workers");
    if (host !== undefined) return new ListeningSockets(libc, ...openGroup(libc, host, port, count));
    try {
      return new ListeningSockets(libc, ...openGroup(libc, "::", port, count));
    } catch (error) {
      if (!isWithoutIpv6(error)) throw error;
      return new ListeningSockets(libc, ...openGroup(libc, "0.0.0.0", port, count));
    }
  }

  /** A descriptor of a worker's socket that the worker is to close. */
  share(worker: number): number {
    const fd = this.#fds[worker];
    if (fd === undefined) throw new RangeError(`There is no worker ${worker} among ${this.#fds.length}`);
    return this.#libc.duplicate(fd);
  }

  /** Lets go of the sockets: each listens until its worker closes it as well. */
  close(): void {
    for (const fd of this.#fds) this.#libc.close(fd);
  }
}

function openGroup(libc: Libc, host: string, port: number, count: number): [fds: number[], port: number] {
  const fds: number[] = [];
  try {
    const found = claim(libc, host, port);
    for (let index = 0; index < count; index++) fds.push(bindOne(libc, host, found, true));
    for (const fd of fds) libc.listen(fd, BACKLOG);
    return [fds, found];
  } catch (error) {
    for (const fd of fds) libc.close(fd);
    throw error;
  }
}

/** Finds that nobody has the port: with SO_REUSEPORT another program of this user that has it as well would not be noticed, and would take some of the connections. */
function claim(libc: Libc, host: string, port: number): number {
  const fd = bindOne(libc, host, port, false);
  try {
    const address = addressOf(host, port).bytes;
    libc.localAddress(fd, address);
    return portOf(address);
  } finally {
    libc.close(fd);
  }
}

function bindOne(libc: Libc, host: string, port: number, shared: boolean): number {
  const { family, bytes } = addressOf(host, port);
  const fd = libc.socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  try {
    libc.setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (shared) libc.setOption(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    if (family === AF_INET6) libc.setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, host === "::" ? 0 : 1);
    libc.bind(fd, bytes);
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

function addressOf(host: string, port: number): { family: Family; bytes: ArrayBuffer } {
  const address = socketAddress(host, port);
  if (address !== undefined) return address;
  throw Object.assign(new Error(`${host} is no IP address`), { code: "EINVAL" });
}

function isWithoutIpv6(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL";
}
