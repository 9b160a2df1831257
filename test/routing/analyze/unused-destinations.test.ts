import assert from "node:assert/strict";
import { test } from "node:test";
import { unusedDestinations } from "../../../routing/analyze/unused-destinations.ts";
import { findings, virtualService } from "../support.ts";

function analyzed(route: string): string[] {
  return findings(unusedDestinations, virtualService({ tcp: `- route: [${route}]` }));
}

test("TCP0012: a destination that never gets anything", () => {
  assert.deepEqual(analyzed("{destination: {host: a}, weight: 1}, {destination: {host: b, subset: v1}, weight: 0}"), [
    "Info TCP0012 VirtualService default/echo test.yaml:9: b+v1 gets no connection as its weight is 0",
  ]);
  assert.deepEqual(analyzed("{destination: {host: a}, weight: 1}, {destination: {host: b}}"), [
    "Warning TCP0012 VirtualService default/echo test.yaml:9: b gets no connection as it has no weight and other destinations have one. Give it a weight",
  ]);
});

test("weights above 0 and a single destination are fine", () => {
  assert.deepEqual(analyzed("{destination: {host: a}, weight: 1}, {destination: {host: b}, weight: 1}"), []);
  assert.deepEqual(analyzed("{destination: {host: a}}"), []);
});
