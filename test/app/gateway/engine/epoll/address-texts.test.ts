import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { AddressTexts } from "../../../../../app/gateway/engine/epoll/address-texts.ts";
import { plainAddressText } from "../../../../../app/gateway/engine/epoll/addresses.ts";

const mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

describe("texts of addresses", () => {
  test("are those of the addresses, whatever was asked for before", () => {
    const anyByte = fc.integer({ min: 0, max: 255 });
    const v4 = fc.array(anyByte, { minLength: 4, maxLength: 4 }).map((last) => [...mapped, ...last]);
    const v6 = fc.array(anyByte, { minLength: 16, maxLength: 16 });
    // Few, so that they come again, and some that share a place.
    const near = fc.constantFrom(0, 4, 8).map((third) => [...mapped, 10, 0, third, 1]);
    const addresses = fc.array(fc.oneof(v4, v6, near), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(addresses, (asked) => {
        const texts = new AddressTexts();
        for (const address of [...asked, ...asked]) {
          const bytes = Uint8Array.from([7, 7, ...address]);
          assert.equal(texts.of(bytes, 2), plainAddressText(bytes, 2));
        }
      }),
    );
  });

  test("take turns in a place that two want", () => {
    const texts = new AddressTexts();
    const [one, other] = [Uint8Array.from([...mapped, 10, 0, 0, 1]), Uint8Array.from([...mapped, 10, 0, 4, 1])];
    for (const address of [one, other, one, other]) assert.equal(texts.of(address, 0), plainAddressText(address, 0));
  });
});
