import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isoTime } from "../../../app/gateway/iso-time.ts";

test("times are written as Date writes them, in any order", () => {
  const date = fc.date({ min: new Date("0000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
  const near = fc
    .tuple(date, fc.array(fc.integer({ min: -2000, max: 2000 })))
    .map(([first, offsets]) => offsets.map((offset) => new Date(first.getTime() + offset)));
  fc.assert(
    fc.property(near, (times) => {
      for (const time of times) assert.equal(isoTime(time), time.toISOString());
    }),
  );
});
