import assert from "node:assert/strict";
import { BlockList, isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { contains, covers, parseAddress, parseSubnet } from "../../routing/subnet.ts";

function inside(subnet: string, address: string): boolean {
  const parsed = parseSubnet(subnet);
  const groups = new Uint16Array(8);
  assert.ok(parsed !== undefined && parseAddress(address, groups));
  return contains(parsed, groups);
}

test("blocks hold their addresses and no others", () => {
  assert.ok(inside("10.0.0.0/8", "10.255.255.255"));
  assert.ok(!inside("10.0.0.0/8", "11.0.0.0"));
  assert.ok(inside("192.0.2.7", "192.0.2.7"));
  assert.ok(!inside("192.0.2.7", "192.0.2.8"));
  assert.ok(inside("0.0.0.0/0", "203.0.113.9"));
  assert.ok(inside("2001:db8::/32", "2001:db8:1::1"));
  assert.ok(!inside("2001:db8::/32", "2001:db9::1"));
  assert.ok(inside("::/0", "::1"));
});

test("IPv4-mapped addresses match IPv4 blocks, and only they do", () => {
  assert.ok(inside("10.0.0.0/8", "::ffff:10.1.2.3"));
  assert.ok(inside("::ffff:10.0.0.0/104", "10.1.2.3"));
  assert.ok(!inside("0.0.0.0/0", "2001:db8::1"));
  assert.ok(!inside("10.0.0.0/8", "::10.1.2.3"));
});

test("a zone says nothing about the address", () => {
  assert.ok(inside("fe80::/10", "fe80::1%eth0"));
});

test("what is no block is none", () => {
  for (const text of [
    "",
    "10.0.0.0/33",
    "10.0.0",
    "10.0.0.0/-1",
    "10.0.0.0/08",
    "::/129",
    "1::2::3",
    ":1",
    "1:",
    "g::",
  ]) {
    assert.equal(parseSubnet(text), undefined, text);
  }
});

test("a block covers what is within it", () => {
  const subnet = (text: string) => parseSubnet(text) ?? assert.fail(text);
  assert.ok(covers(subnet("10.0.0.0/8"), subnet("10.1.0.0/16")));
  assert.ok(!covers(subnet("10.1.0.0/16"), subnet("10.0.0.0/8")));
  assert.ok(covers(subnet("::/0"), subnet("10.0.0.0/8")));
});

test("addresses are those of Node itself", () => {
  const groups = new Uint16Array(8);
  const texts = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV4Extended(),
    fc.string({ unit: fc.constantFrom(..."0123456789abcdef:./"), maxLength: 30 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      assert.equal(parseAddress(text, groups), isIP(text) !== 0, text);
    }),
  );
});

test("blocks of addresses agree with Node's BlockList", () => {
  const families = fc.oneof(
    fc.record({ family: fc.constant("ipv4" as const), net: fc.ipV4(), prefix: fc.nat(32), address: fc.ipV4() }),
    fc.record({ family: fc.constant("ipv6" as const), net: fc.ipV6(), prefix: fc.nat(128), address: fc.ipV6() }),
  );
  fc.assert(
    fc.property(families, ({ family, net, prefix, address }) => {
      // BlockList takes IPv4-mapped IPv6 for IPv4, which the test above has covered.
      fc.pre(!net.startsWith("::") && !address.startsWith("::"));
      const list = new BlockList();
      list.addSubnet(net, prefix, family);
      assert.equal(inside(`${net}/${prefix}`, address), list.check(address, family));
      assert.ok(inside(`${net}/${prefix}`, net));
    }),
  );
});
