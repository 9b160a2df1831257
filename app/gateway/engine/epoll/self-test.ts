import { loadCalls, type NativeCalls } from "../../native/calls.ts";
import { EPOLLIN, EPOLLOUT } from "../../native/constants.ts";
import { Epoll } from "../../native/epoll.ts";
import { errno } from "../../native/errno.ts";
import { loadLibc, type Libc } from "../../native/libc.ts";
import { createBlock } from "../../native/memory.ts";
import { AF_INET, socketAddress } from "../../native/socket-address.ts";
import { Sockets } from "../../native/sockets.ts";

/** What is sent to and fro. */
const MESSAGE = "tcp-ingress";

/** Any number that the layout of an event has to keep. */
const GENERATION = 0x1234567;

const CHUNK = 64 * 1024;

/** More chunks than any two sockets hold. */
const MANY = 1024;

/**
 * Tries what the epoll engine does of a connection over loopback: calls, their errors and the layouts of what the kernel fills in, as another machine, or a container's seccomp profile, may have them
 * otherwise than they are taken for.
 *
 * @returns what does not work; undefined: all does
 */
export function testEpoll(): string | undefined {
  const native = loadCalls();
  const libc = loadLibc();
  if (native === undefined || libc === undefined) return "it needs Linux, and a Node with node:ffi";
  using resources = new DisposableStack();
  try {
    test(native, libc, resources);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function test(native: NativeCalls, libc: Libc, resources: DisposableStack): void {
  const sockets = new Sockets(native);
  const owned = (what: string, fd: number): number => {
    expect(what, fd >= 0);
    return resources.adopt(fd, (each) => sockets.close(each));
  };
  const epoll = resources.adopt(new Epoll(native), (each) => each.close());
  const [client, server] = connectedPair(native, libc, sockets, owned);

  const block = createBlock(native, CHUNK);
  block.bytes.write(MESSAGE);
  expect("epoll_ctl", epoll.add(client, GENERATION, EPOLLOUT) === 0 && epoll.wait(1000) === 1);
  expect("struct epoll_event", epoll.fdOf(0) === client && epoll.generationOf(0) === GENERATION);
  expect("struct epoll_event", epoll.eventsOf(0) === EPOLLOUT && epoll.modify(client, GENERATION, EPOLLIN) === 0);

  expect("errno", sockets.recv(server, block, CHUNK) === -errno.EAGAIN);
  expect("send", sockets.send(server, block, MESSAGE.length) === MESSAGE.length);
  expect("epoll_wait", epoll.wait(1000) === 1 && epoll.eventsOf(0) === EPOLLIN);
  block.bytes.fill(0);
  expect("recv", sockets.recv(client, block, CHUNK) === MESSAGE.length);
  expect("recv", block.bytes.toString("latin1", 0, MESSAGE.length) === MESSAGE);

  const ends = new Int32Array(2);
  expect("pipe2", sockets.pipe(ends, CHUNK) === 0);
  const [reading, writing] = [owned("pipe2", ends[0] ?? -1), owned("pipe2", ends[1] ?? -1)];
  expect("send", sockets.send(server, block, MESSAGE.length) === MESSAGE.length);
  expect("epoll_wait", epoll.wait(1000) === 1);
  expect("splice", sockets.splice(client, writing, CHUNK) === MESSAGE.length);
  expect("splice", sockets.splice(reading, client, MESSAGE.length) === MESSAGE.length);

  let last = 0;
  for (let count = 0; count < MANY && last >= 0; count++) last = sockets.send(server, block, CHUNK);
  expect("a send to who does not read", last === -errno.EAGAIN);

  const bell = owned("eventfd", libc.eventfd());
  expect("epoll_ctl", epoll.add(bell, GENERATION, EPOLLIN) === 0);
  libc.wake(bell);
  const heard = epoll.wait(1000);
  expect("eventfd", Array.from({ length: heard }, (_, index) => epoll.fdOf(index)).includes(bell));
}

/** Two ends of a connection over loopback, which `accept4` and `connect` have made. */
function connectedPair(
  native: NativeCalls,
  libc: Libc,
  sockets: Sockets,
  owned: (what: string, fd: number) => number,
): readonly [client: number, server: number] {
  const listener = owned("socket", sockets.open(AF_INET));
  const loopback = socketAddress("127.0.0.1", 0);
  if (loopback === undefined) throw new Error("127.0.0.1 is no address");
  libc.bind(listener, loopback.bytes);
  libc.listen(listener, 1);
  const block = createBlock(native, loopback.bytes.byteLength);
  libc.localAddress(listener, loopback.bytes);
  block.bytes.set(new Uint8Array(loopback.bytes));
  const client = owned("socket", sockets.open(AF_INET));
  const connected = sockets.connect(client, { family: AF_INET, block });
  expect("connect", connected === 0 || connected === -errno.EINPROGRESS);
  return [client, owned("accept4", sockets.accept(listener))];
}

function expect(what: string, works: boolean): void {
  if (!works) throw new Error(`${what} does not do here what it should`);
}
