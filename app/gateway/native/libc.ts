/** What the main thread asks of Linux: errors are thrown. */
import { loadCalls } from "./calls.ts";
import { EFD_CLOEXEC, EFD_NONBLOCK, F_DUPFD_CLOEXEC } from "./constants.ts";
import { systemError } from "./errno.ts";
import { SOCKADDR_SIZE } from "./socket-address.ts";

/** Calls that make and hold listening sockets. File descriptors and results are numbers as in C; a result of -1 is turned into an error. */
export interface Libc {
  /** socket(2) */
  socket(domain: number, type: number, protocol: number): number;
  /** setsockopt(2), of an int */
  setOption(fd: number, level: number, name: number, value: number): void;
  /** bind(2) */
  bind(fd: number, address: ArrayBuffer): void;
  /** listen(2) */
  listen(fd: number, backlog: number): void;
  /** getsockname(2), into a buffer that is large enough for the family */
  localAddress(fd: number, address: ArrayBuffer): void;
  /** fcntl(2), F_DUPFD_CLOEXEC: another descriptor of the same socket */
  duplicate(fd: number): number;
  /** close(2) */
  close(fd: number): void;
  /** eventfd(2), that is never waited for: another thread's epoll is woken by it */
  eventfd(): number;
  /** write(2): makes an eventfd readable */
  wake(fd: number): void;
}

let loaded: Libc | undefined;

/** The calls of this machine; undefined where it is not Linux, or this Node has no `node:ffi`. */
export function loadLibc(): Libc | undefined {
  loaded ??= load();
  return loaded;
}

function load(): Libc | undefined {
  const native = loadCalls();
  if (native === undefined) return undefined;
  const { calls, errno, address } = native;
  const checked = (call: string, result: number): number => {
    if (result !== -1) return result;
    throw systemError(call, errno[0] ?? 0);
  };
  const one = new BigUint64Array([1n]).buffer;
  // What the kernel is given the address of must not be garbage before it has read it: these are kept.
  const word = new Int32Array(1);
  const wordAt = address(word.buffer);
  const named = new Uint8Array(SOCKADDR_SIZE);
  const namedAt = address(named.buffer);
  const oneAt = address(one);
  return {
    socket: (domain, type, protocol) => checked("socket", calls.socket(BigInt(domain), BigInt(type), BigInt(protocol))),
    setOption: (fd, level, name, value) => {
      word[0] = value;
      const length = BigInt(word.byteLength);
      checked("setsockopt", calls.setsockopt(BigInt(fd), BigInt(level), BigInt(name), wordAt, length));
    },
    bind: (fd, to) => {
      named.set(new Uint8Array(to));
      checked("bind", calls.bind(BigInt(fd), namedAt, BigInt(to.byteLength)));
    },
    listen: (fd, backlog) => void checked("listen", calls.listen(BigInt(fd), BigInt(backlog))),
    localAddress: (fd, into) => {
      word[0] = into.byteLength;
      checked("getsockname", calls.getsockname(BigInt(fd), namedAt, wordAt));
      new Uint8Array(into).set(named.subarray(0, into.byteLength));
    },
    duplicate: (fd) => checked("fcntl", calls.fcntl(BigInt(fd), BigInt(F_DUPFD_CLOEXEC), 0n)),
    close: (fd) => void checked("close", calls.close(BigInt(fd), 0n)),
    eventfd: () => checked("eventfd", calls.eventfd(0n, BigInt(EFD_NONBLOCK | EFD_CLOEXEC))),
    // It fails where the counter is full alone (EAGAIN), and then it is readable.
    wake: (fd) => void calls.write(BigInt(fd), oneAt, BigInt(one.byteLength)),
  };
}
