/** Linux' own calls, by `node:ffi`. Every signature stands here, with the page of the manual that has it. */
import { getSystemErrorMap } from "node:util";

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
}

/** fcntl.h */
const F_DUPFD_CLOEXEC = 1030;

let loaded: Libc | null | undefined;

/** The calls of this machine; undefined where it is not Linux, or this Node has no `node:ffi`. */
export function loadLibc(): Libc | undefined {
  loaded ??= load() ?? null;
  return loaded ?? undefined;
}

function load(): Libc | undefined {
  if (process.platform !== "linux") return undefined;
  const ffi = process.getBuiltinModule("node:ffi");
  if (ffi === undefined) return undefined;
  const { dlopen, getRawPointer, toArrayBuffer } = ffi;
  const { functions } = dlopen(null, {
    socket: { arguments: ["i32", "i32", "i32"], return: "i32" },
    setsockopt: { arguments: ["i32", "i32", "i32", "pointer", "u32"], return: "i32" },
    bind: { arguments: ["i32", "pointer", "u32"], return: "i32" },
    listen: { arguments: ["i32", "i32"], return: "i32" },
    getsockname: { arguments: ["i32", "pointer", "pointer"], return: "i32" },
    fcntl: { arguments: ["i32", "i32", "i32"], return: "i32" },
    close: { arguments: ["i32"], return: "i32" },
    __errno_location: { arguments: [], return: "pointer" },
  });
  // errno(3): one for each thread, at an address that stays.
  const errno = new Int32Array(toArrayBuffer(functions.__errno_location(), 4, false));
  const checked = (call: string, result: number): number => {
    if (result !== -1) return result;
    throw systemError(call, errno[0] ?? 0);
  };
  return {
    socket: (domain, type, protocol) => checked("socket", functions.socket(domain, type, protocol)),
    setOption: (fd, level, name, value) => {
      const option = new Int32Array([value]).buffer;
      checked("setsockopt", functions.setsockopt(fd, level, name, getRawPointer(option), option.byteLength));
    },
    bind: (fd, address) => void checked("bind", functions.bind(fd, getRawPointer(address), address.byteLength)),
    listen: (fd, backlog) => void checked("listen", functions.listen(fd, backlog)),
    localAddress: (fd, address) => {
      const length = new Uint32Array([address.byteLength]).buffer;
      checked("getsockname", functions.getsockname(fd, getRawPointer(address), getRawPointer(length)));
    },
    duplicate: (fd) => checked("fcntl", functions.fcntl(fd, F_DUPFD_CLOEXEC, 0)),
    close: (fd) => void checked("close", functions.close(fd)),
  };
}

/** As Node's own errors are: `code` is the name. */
function systemError(syscall: string, errno: number): NodeJS.ErrnoException {
  const [code = `errno ${errno}`, meaning = "unknown error"] = getSystemErrorMap().get(-errno) ?? [];
  return Object.assign(new Error(`${syscall} ${code}: ${meaning}`), { code, errno: -errno, syscall });
}
