import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog, timestamp } from "../../../app/tcp-echo/log.ts";

const moment = new Date(2018, 9, 7, 7, 2, 9);

function entries(write: (log: ReturnType<typeof createLog>) => void): string[] {
  const written: string[] = [];
  write(
    createLog(
      (entry) => written.push(entry.toString("latin1")),
      () => moment,
    ),
  );
  return written;
}

test("a timestamp is Go's: local time, two digits each", () => {
  assert.equal(timestamp(moment), "2018/10/07 07:02:09");
});

test("an entry ends with exactly one newline, as Go's log does it", () => {
  assert.deepEqual(
    entries((log) => {
      log.entry("open.");
      log.entry("data: ", Buffer.from("hello\n"));
      log.entry("data: ", Buffer.from("hello"));
      log.entry("data: ", Buffer.from("hello\n\n"));
    }),
    [
      "2018/10/07 07:02:09 open.\n",
      "2018/10/07 07:02:09 data: hello\n",
      "2018/10/07 07:02:09 data: hello\n",
      "2018/10/07 07:02:09 data: hello\n\n",
    ],
  );
});

test("data is written as the bytes it is, whatever they mean", () => {
  assert.deepEqual(
    entries((log) => log.entry("data: ", Buffer.of(0xff, 0x00, 0xc3))),
    ["2018/10/07 07:02:09 data: \xff\x00\xc3\n"],
  );
});
