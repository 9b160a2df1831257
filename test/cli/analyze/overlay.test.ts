import assert from "node:assert/strict";
import { test } from "node:test";
import { applyOver } from "../../../cli/analyze/overlay.ts";
import { parseYamlList, type AnyObject } from "../../../routing/index.ts";
import { gateway } from "../../routing/support.ts";

const read = (text: string): AnyObject[] => parseYamlList(text).list;

test("an object takes the place of the live one of its name and is as old; another is added, and is new", () => {
  const live = read(gateway({ name: "a", port: 1, created: "2026-01-01T00:00:00Z" }));
  const merged = applyOver(live, read(`${gateway({ name: "a", port: 2 })}\n---\n${gateway({ name: "b", port: 3 })}`));
  assert.deepEqual(
    merged.map((object) => [
      object.metadata.name,
      object.kind === "Gateway" && object.spec.servers[0]?.port.number,
      object.metadata.creationTimestamp,
    ]),
    [
      ["a", 2, "2026-01-01T00:00:00Z"],
      ["b", 3, undefined],
    ],
  );
});
