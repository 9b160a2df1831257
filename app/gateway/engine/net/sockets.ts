import { connect, type OnReadOpts, type Socket } from "node:net";
import type { Endpoint, TcpKeepalive } from "../../../../routing/table.ts";
import { keepaliveOf } from "../keepalive.ts";

/**
 * What one direction of a connection may hold in memory before its source is no longer read: 128 KiB, and one read of 64 KiB more. Enough to
 * keep a fast link busy between two turns of the event loop.
 */
export const HIGH_WATER_MARK = 128 * 1024;

/** Bytes that one read from an upstream takes at most. */
export const READ_SIZE = 64 * 1024;

/** Options that sockets of both sides have in common. */
export const socketOptions = { allowHalfOpen: true, noDelay: true, highWaterMark: HIGH_WATER_MARK } as const;

/**
 * Starts to connect.
 *
 * @param onread - undefined: what is read is told by events
 */
export function connectTo({ address, port }: Endpoint, onread: OnReadOpts | undefined): Socket {
  return connect({ ...socketOptions, host: address, port, ...(onread && { onread }) });
}

/** As {@link keepaliveOf} has it. */
export function keepAlive(socket: Socket, policy: TcpKeepalive | undefined, longest: number | undefined): void {
  const keepalive = keepaliveOf(policy, longest);
  if (keepalive === undefined) return;
  const { time, interval, probes } = keepalive;
  tcpOf(socket).setKeepAlive({ enable: true, initialDelay: time, interval, count: probes });
}

/** Sockets of TLS, and what carries their records. */
const carriers = new WeakMap<Socket, Socket>();

/** Notes which TCP socket a TLS socket is carried by: options and resets are for that one. */
export function carry(socket: Socket, carrier: Socket): void {
  carriers.set(socket, carrier);
}

function tcpOf(socket: Socket): Socket {
  return carriers.get(socket) ?? socket;
}

const EMPTY = new Uint8Array();

/** Sends FIN behind everything that was written. */
export function finish(socket: Socket): void {
  if (socket.writableLength === 0) {
    socket.end();
    return;
  }
  // libuv refuses to reset a socket whose shutdown is pending (uv_tcp_close_reset, EINVAL), so it is not begun before the last byte is out.
  socket.write(EMPTY, (error) => {
    if (error == null && !socket.destroyed) socket.end();
  });
}

/** Sends RST and drops what was not sent. */
export function abort(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.connecting) socket.destroy();
  else if (socket.writableEnded && !socket.writableFinished) socket.once("finish", () => abort(socket));
  else {
    tcpOf(socket).resetAndDestroy();
    socket.destroy();
  }
}
