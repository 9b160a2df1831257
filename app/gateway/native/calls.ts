/**
 * The calls of Linux that the gateway makes itself, by `node:ffi`. Every signature stands here, with its page of the manual.
 *
 * All arguments are declared as pointers, which is what they are to the machine: 64-bit registers, of which a C function reads as much as its parameter has. Node then makes V8 call the function
 * without a wrapper, in a few nanoseconds; any other mix of types takes some hundred.
 */

type Pointers<Count extends 0 | 2 | 3 | 4 | 5 | 6> = {
  0: readonly [];
  2: readonly ["pointer", "pointer"];
  3: readonly ["pointer", "pointer", "pointer"];
  4: readonly ["pointer", "pointer", "pointer", "pointer"];
  5: readonly ["pointer", "pointer", "pointer", "pointer", "pointer"];
  6: readonly ["pointer", "pointer", "pointer", "pointer", "pointer", "pointer"];
}[Count];

interface Signature<Count extends 0 | 2 | 3 | 4 | 5 | 6> {
  readonly arguments: Pointers<Count>;
  readonly return: "int32";
}

const two = { arguments: ["pointer", "pointer"], return: "int32" } as const satisfies Signature<2>;
const three = { arguments: ["pointer", "pointer", "pointer"], return: "int32" } as const satisfies Signature<3>;
const four = { arguments: [...three.arguments, "pointer"], return: "int32" } as const satisfies Signature<4>;
const five = { arguments: [...four.arguments, "pointer"], return: "int32" } as const satisfies Signature<5>;
const six = { arguments: [...five.arguments, "pointer"], return: "int32" } as const satisfies Signature<6>;

const signatures = {
  /** socket(2): domain, type, protocol */
  socket: three,
  /** setsockopt(2): fd, level, name, value, length */
  setsockopt: five,
  /** getsockopt(2): fd, level, name, value, length */
  getsockopt: five,
  /** bind(2): fd, address, length */
  bind: three,
  /** listen(2): fd, backlog */
  listen: two,
  /** accept(2): fd, address, length, flags */
  accept4: four,
  /** connect(2): fd, address, length */
  connect: three,
  /** getsockname(2): fd, address, length */
  getsockname: three,
  /** recv(2): fd, buffer, length, flags. The count fits 32 bits, as no buffer is larger. */
  recv: four,
  /** send(2): fd, buffer, length, flags */
  send: four,
  /** splice(2): fd in, offset in, fd out, offset out, length, flags */
  splice: six,
  /** pipe(2): two fds, flags */
  pipe2: two,
  /** shutdown(2): fd, how */
  shutdown: two,
  /** fcntl(2): fd, command, argument */
  fcntl: three,
  /** read(2): fd, buffer, length */
  read: three,
  /** write(2): fd, buffer, length */
  write: three,
  /** close(2): fd, and nothing */
  close: two,
  /** eventfd(2): value, flags */
  eventfd: two,
  /** epoll_create(2): flags, and nothing */
  epoll_create1: two,
  /** epoll_ctl(2): epoll fd, operation, fd, event */
  epoll_ctl: four,
  /** epoll_wait(2): epoll fd, events, how many, milliseconds */
  epoll_wait: four,
} as const;

type Function<Arguments extends readonly unknown[]> = (...values: { [Index in keyof Arguments]: bigint }) => number;

/** Each call as it is: -1 is failure, and {@link NativeCalls.errno} says why. */
export type Calls = { readonly [Name in keyof typeof signatures]: Function<(typeof signatures)[Name]["arguments"]> };

/** The calls of one thread. */
export interface NativeCalls {
  readonly calls: Calls;
  /** errno(3) of this thread, to be read right after a call that failed. */
  readonly errno: Int32Array;
  /** Where the bytes are. Whoever gives that to the kernel keeps the buffer. */
  readonly address: (buffer: ArrayBuffer) => bigint;
}

let loaded: NativeCalls | null | undefined;

/** The calls of this machine; undefined where it is not Linux, or this Node has no `node:ffi`. */
export function loadCalls(): NativeCalls | undefined {
  loaded ??= load() ?? null;
  return loaded ?? undefined;
}

function load(): NativeCalls | undefined {
  if (process.platform !== "linux") return undefined;
  const ffi = process.getBuiltinModule("node:ffi");
  if (ffi === undefined) return undefined;
  const { dlopen, getRawPointer, toArrayBuffer } = ffi;
  const { functions: calls } = dlopen(null, signatures);
  const { functions: location } = dlopen(null, { __errno_location: { arguments: [], return: "pointer" } });
  return {
    calls,
    // One for each thread, at an address that stays.
    errno: new Int32Array(toArrayBuffer(location.__errno_location(), Int32Array.BYTES_PER_ELEMENT, false)),
    address: getRawPointer,
  };
}
