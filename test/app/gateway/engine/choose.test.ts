import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { chooseEngine, defaultWorkers, parseEngineChoice } from "../../../../app/gateway/engine/choose.ts";
import { testEpoll } from "../../../../app/gateway/engine/epoll/self-test.ts";

const MiB = 1024 * 1024;

test("as many workers as cores by default, as far as the memory limit has room for them", () => {
  assert.equal(defaultWorkers(4, 512 * MiB), 4);
  assert.equal(defaultWorkers(64, 512 * MiB), 8);
  assert.equal(defaultWorkers(2, 32 * MiB), 1);
  assert.equal(defaultWorkers(64, 0), 64);
  assert.equal(defaultWorkers(64, Number.MAX_SAFE_INTEGER), 64);
});

const works = (): undefined => undefined;
const broken = (): string => "splice does not do here what it should";

test("auto is epoll where it works, and says why where it does not", () => {
  assert.deepEqual(chooseEngine("auto", 0, works), { name: "epoll", reason: undefined, crashed: false });
  assert.deepEqual(chooseEngine("auto", 0, broken), { name: "net", reason: broken(), crashed: false });
});

test("two crashes are enough for auto, and none for who asked by name", () => {
  assert.equal(chooseEngine("auto", 1, works).name, "epoll");
  const fallen = chooseEngine("auto", 2, works);
  assert.deepEqual([fallen.name, fallen.crashed], ["net", true]);
  assert.match(fallen.reason ?? "", /crashed 2 times in ten minutes/);
  assert.equal(chooseEngine("epoll", 2, works).name, "epoll");
});

test("who asks for an engine by name gets it, or is told what does not work", () => {
  assert.deepEqual(chooseEngine("net", 0, broken), { name: "net", reason: undefined, crashed: false });
  assert.throws(() => chooseEngine("epoll", 0, broken), {
    message: "Cannot use engine epoll on this machine as splice does not do here what it should: choose auto or net",
  });
  assert.throws(() => parseEngineChoice("warp"), {
    message: 'Cannot use engine "warp": choose one of auto, net, epoll',
  });
});

test(
  "the self-test passes on Linux, and leaves no file descriptor behind",
  { skip: process.platform !== "linux" },
  () => {
    assert.equal(testEpoll(), undefined);
    const before = readdirSync("/proc/self/fd").length;
    assert.equal(testEpoll(), undefined);
    assert.equal(readdirSync("/proc/self/fd").length, before);
  },
);
