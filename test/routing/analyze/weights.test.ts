import assert from "node:assert/strict";
import { test } from "node:test";
import { weights } from "../../../routing/analyze/weights.ts";
import { findings, route, virtualService } from "../support.ts";

function analyzed(a: string, b?: string): string[] {
  const second = b === undefined ? "" : `, {destination: {host: echo}${b}}`;
  return findings(
    weights,
    route({ virtualService: virtualService({ tcp: `- route: [{destination: {host: echo}${a}}${second}]` }) }),
  );
}

test("TCP0007: weights that are all 0", () => {
  const expected = [
    "Error TCP0007 VirtualService default/echo test.yaml:26: All destinations of tcp[0] have weight 0, so that no connection can be sent anywhere. Give one of them a weight above 0",
  ];
  assert.deepEqual(analyzed(", weight: 0", ", weight: 0"), expected);
  assert.deepEqual(analyzed("", ""), expected);
});

test("one weight above 0 is enough, and a single destination needs none", () => {
  assert.deepEqual(analyzed(", weight: 0", ", weight: 1"), []);
  assert.deepEqual(analyzed(", weight: 0"), []);
});
