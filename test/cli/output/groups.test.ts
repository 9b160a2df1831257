import assert from "node:assert/strict";
import { test } from "node:test";
import { formatGroups, wrap } from "../../../cli/output/groups.ts";
import { coloured, plain } from "../../../cli/output/style.ts";
import { messageOf } from "../../../routing/index.ts";

const messages = [
  messageOf("IST0101", { resource: "VirtualService shop/a", reference: "b.yaml:120" }, "one two three four"),
  messageOf("TCP0006", { resource: "Gateway shop/b", reference: "a.yaml:9" }, "five"),
  messageOf("IST0118", { resource: "Service shop/c", reference: "b.yaml:7" }, "six"),
  messageOf("IST0118", { resource: "Service shop/live" }, "seven"),
  messageOf("TCP0004", { resource: "" }, "eight"),
];

test("messages are below their file or live object, in columns, wrapped", () => {
  assert.deepEqual(formatGroups(messages, plain, 20), [
    "b.yaml",
    "  120  Error    IST0101 ReferencedResourceNotFound  VirtualService shop/a",
    "      one two three",
    "      four",
    "    7  Info     IST0118 PortNameIsNotUnderNamingConvention  Service shop/c",
    "      six",
    "",
    "a.yaml",
    "  9  Warning  TCP0006 ListenerWithoutRoute  Gateway shop/b",
    "      five",
    "",
    "Service shop/live",
    "  Info     IST0118 PortNameIsNotUnderNamingConvention",
    "      seven",
    "",
    "on the whole",
    "  Info     TCP0004 CheckSkipped",
    "      eight",
    "",
  ]);
});

test("levels have their colours", () => {
  assert.ok(formatGroups(messages, coloured, 80).join("\n").includes("\u001b[31mError  \u001b[39m"));
});

test("a word that is wider than the screen stays whole", () => {
  assert.deepEqual(wrap("a supercalifragilistic b", 10), ["a", "supercalifragilistic", "b"]);
});
