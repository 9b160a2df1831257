import assert from "node:assert/strict";
import { test } from "node:test";
import { unreachableRules } from "../../../routing/analyze/unreachable-rules.ts";
import { findings, virtualService } from "../support.ts";

function analyzed(...matches: readonly (string | undefined)[]): string[] {
  const rules = matches.map((match) =>
    match === undefined
      ? "- route: [{destination: {host: echo}}]"
      : `- match: [${match}]\n  route: [{destination: {host: echo}}]`,
  );
  return findings(unreachableRules, virtualService({ tcp: rules.join("\n") }));
}

test("IST0130: only the last rule can have no matches", () => {
  assert.deepEqual(analyzed(undefined, undefined), [
    "Warning IST0130 VirtualService default/echo test.yaml:10: VirtualService rule #1 not used (only the last rule can have no matches).",
  ]);
  assert.deepEqual(analyzed(undefined, "{port: 1}"), [
    "Warning IST0130 VirtualService default/echo test.yaml:10: VirtualService rule #1 not used (route without matches defined before).",
  ]);
});

test("IST0131, and IST0130 where all matches of a rule are taken", () => {
  assert.deepEqual(analyzed("{port: 1, sourceSubnet: 10.0.0.0/8}", "{sourceSubnet: 10.0.0.0/8, port: 1}, {port: 2}"), [
    "Info IST0131 VirtualService default/echo test.yaml:11: VirtualService rule #1 match #0 is not used (duplicate/overlapping match in rule #0).",
  ]);
  assert.deepEqual(analyzed("{port: 1}", "{port: 1}"), [
    "Info IST0131 VirtualService default/echo test.yaml:11: VirtualService rule #1 match #0 is not used (duplicate/overlapping match in rule #0).",
    "Warning IST0130 VirtualService default/echo test.yaml:11: VirtualService rule #1 not used (all matches used by prior rules).",
  ]);
});

test("different matches with one rule for the rest are fine", () => {
  assert.deepEqual(analyzed("{port: 1}", "{port: 2}", undefined), []);
});
