import assert from "node:assert/strict";
import { test } from "node:test";
import { loadCalls } from "../../../../app/gateway/native/calls.ts";
import { EPOLL_CTL_ADD, EPOLLIN } from "../../../../app/gateway/native/constants.ts";
import { epollEventLayout } from "../../../../app/gateway/native/epoll-event.ts";
import { loadLibc } from "../../../../app/gateway/native/libc.ts";

test("the kernel's events are packed on x86_64 and aligned on arm64", () => {
  assert.deepEqual(epollEventLayout("x64"), { size: 3, data: 1 });
  assert.deepEqual(epollEventLayout("arm64"), { size: 4, data: 2 });
});

test("what is told with two events comes back where this machine's layout says", (t) => {
  const native = loadCalls();
  const libc = loadLibc();
  if (native === undefined || libc === undefined) {
    t.skip("This machine has no epoll");
    return;
  }
  const { calls, address } = native;
  const { size, data } = epollEventLayout(process.arch);
  const epoll = calls.epoll_create1(0n, 0n);
  const files = [libc.eventfd(), libc.eventfd()];
  const one = new Int32Array(size);
  const events = new Int32Array(2 * size);
  for (const fd of files) {
    one[0] = EPOLLIN;
    one[data] = fd;
    one[data + 1] = 1000 + fd;
    assert.equal(calls.epoll_ctl(BigInt(epoll), BigInt(EPOLL_CTL_ADD), BigInt(fd), address(one.buffer)), 0);
    libc.wake(fd);
  }
  assert.equal(calls.epoll_wait(BigInt(epoll), address(events.buffer), 2n, 0n), 2);
  const told = files.map((_, index) => [...events.subarray(index * size, (index + 1) * size)]);
  assert.deepEqual(
    told.map((event) => [event[0], event[data], event[data + 1]]).sort(),
    files.map((fd) => [EPOLLIN, fd, 1000 + fd]).sort(),
  );
  for (const fd of [epoll, ...files]) libc.close(fd);
});
