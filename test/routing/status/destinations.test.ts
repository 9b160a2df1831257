import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { destinationRule, documents, route, virtualService } from "../support.ts";
import { conditions, endpoints, inputOf, reportOf, reportsOf } from "./support.ts";

const rule = "DestinationRule default/echo";
const subsets = "{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}";
const toV2 = virtualService({ tcp: "- route: [{destination: {host: echo, subset: v2}}]" });
const onePod = endpoints([["a", "v1"]]);

suite("the status of a DestinationRule", () => {
  test("counts subsets with ready endpoints, whether a route goes to them or not", () => {
    const report = reportOf(rule, documents(route({ more: destinationRule({ subsets }) }), onePod));
    assert.deepEqual(conditions(report), [
      "Accepted True Accepted: Connections go by it",
      "ResolvedRefs True ResolvedRefs: Its host echo exists",
      "Programmed True Programmed: 1 of 2 subsets have a ready endpoint",
    ]);
    assert.deepEqual(report.subsets, { declared: 2, ready: 1 });
  });

  test("is not programmed while a subset that routes go to has no endpoint", () => {
    const text = documents(route({ virtualService: toV2, more: destinationRule({ subsets }) }), onePod);
    assert.equal(
      conditions(reportOf(rule, text))[2],
      "Programmed False NoReadyEndpoints: Subset v2 has no ready endpoint, and routes go to it",
    );
  });

  test("is none where no route goes by it, and beside a real Istio", () => {
    assert.equal(reportsOf(inputOf(destinationRule())).get(rule), undefined);
    const text = documents(route({ more: destinationRule() }), onePod);
    assert.equal(reportsOf(inputOf(text, { separate: true })).get(rule), undefined);
  });
});

suite("the status of a ServiceEntry", () => {
  const entry = (addresses: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: default}
spec:
  hosts: [db.example.com]
  ports: [{number: 5432, name: tcp, protocol: TCP}]
  resolution: STATIC
  endpoints: [${addresses}]`;
  const key = "ServiceEntry default/db";
  const toEntry = virtualService({ tcp: "- route: [{destination: {host: db.example.com}}]" });

  test("counts its endpoints", () => {
    const report = reportOf(
      key,
      route({ virtualService: toEntry, more: entry("{address: 10.0.0.1}, {address: 10.0.0.2}") }),
    );
    assert.deepEqual(report.endpoints, { ready: 2 });
    assert.equal(conditions(report)[2], "Programmed True Programmed: Each port that is routed to has an endpoint");
  });

  test("is not programmed without any, and is none where nothing routes to it", () => {
    const report = reportOf(key, route({ virtualService: toEntry, more: entry("") }));
    assert.equal(
      conditions(report)[2],
      "Programmed False NoReadyEndpoints: db.example.com:5432 has no endpoint, and routes go to it",
    );
    assert.equal(reportsOf(inputOf(route({ more: entry("{address: 10.0.0.1}") }))).get(key), undefined);
  });
});
