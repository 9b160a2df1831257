import assert from "node:assert/strict";
import { test } from "node:test";
import { closeDescriptors, createDescriptors } from "../../../../../app/gateway/engine/epoll/descriptors.ts";
import { Fds, kind } from "../../../../../app/gateway/engine/epoll/fds.ts";

test("what a loop held when its thread ended is closed, once, but for what others gave it", () => {
  const descriptors = createDescriptors();
  const fds = new Fds(descriptors);
  for (const [fd, is] of [
    [20, kind.own],
    [21, kind.wake],
    [22, kind.listener],
    [70_000, kind.downstream],
    [70_001, kind.upstream],
  ] as const)
    fds.open(fd, is, 0);
  fds.close(70_001);
  const closed: number[] = [];
  const libc = { close: (fd: number) => void closed.push(fd) };
  closeDescriptors(descriptors, libc);
  closeDescriptors(descriptors, libc);
  assert.deepEqual(closed, [20, 22, 70_000]);
});

test("what was noted down of a descriptor is not for the next one that has its number", () => {
  const fds = new Fds(createDescriptors());
  fds.open(5, kind.downstream, 1);
  fds.note(5, 255);
  const before = fds.generation(5);
  fds.close(5);
  fds.open(5, kind.upstream, 2);
  assert.notEqual(fds.generation(5), before);
  assert.equal(fds.has(5, 255), false);
  assert.equal(fds.full[5], 0);
});
