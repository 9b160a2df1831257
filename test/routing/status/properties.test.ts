import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeStatus } from "../../../routing/status/index.ts";
import { destinationRule, documents, gateway, service, virtualService } from "../support.ts";
import { endpoints, inputOf } from "./support.ts";

const ports = [9000, 9001, 9002];

/** Rules of a VirtualService: the port that each matches, and the subset that it leads to (v2 has no pod, v9 does not exist). */
const rules = fc.array(
  fc.record({ port: fc.option(fc.constantFrom(...ports)), subset: fc.constantFrom("v1", "v2", "v9") }),
  { minLength: 1, maxLength: 4 },
);

const situations = fc.record({
  gateways: fc.uniqueArray(fc.record({ name: fc.constantFrom("a", "b", "c"), port: fc.constantFrom(...ports) }), {
    selector: ({ name }) => name,
    minLength: 1,
  }),
  services: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("one", "two"),
      gateways: fc.uniqueArray(fc.constantFrom("a", "b", "c", "gone"), { minLength: 1 }),
      rules,
    }),
    { selector: ({ name }) => name, minLength: 1 },
  ),
  open: fc.record({ 9000: fc.boolean(), 9001: fc.boolean(), 9002: fc.boolean() }),
});

test("routes are called served exactly if an open listener has them with endpoints behind every destination", () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const text = documents(
        ...situation.gateways.map((each) => gateway(each)),
        ...situation.services.map(({ name, gateways, rules: declared }) =>
          virtualService({
            name,
            gateways: gateways.join(),
            tcp: declared
              .map(
                ({ port, subset }) =>
                  `- ${port === null ? "" : `match: [{port: ${port}}]\n  `}route: [{destination: {host: echo, subset: ${subset}}}]`,
              )
              .join("\n"),
          }),
        ),
        service(),
        destinationRule({ subsets: "{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}" }),
        endpoints([["pod", "v1"]]),
      );
      const listeners = Object.fromEntries(
        ports.map((port) => [port, { state: situation.open[port as 9000] ? ("open" as const) : ("failed" as const) }]),
      );
      const input = inputOf(text, { listeners });
      const { table, endpoints: known } = input.snapshot;
      for (const [{ kind, name }, report] of describeStatus(input)) {
        if (kind !== "VirtualService" || report === undefined) continue;
        const served = new Set(
          table.listeners
            .filter(({ port }) => situation.open[port as 9000])
            .flatMap(({ chains }) => chains.flatMap(({ routes }) => routes))
            .filter((route) => route.virtualService.name === name)
            .filter(({ destinations }) => destinations.every(({ cluster }) => (known.get(cluster) ?? []).length > 0))
            .map(({ rule }) => rule),
        );
        assert.equal(report.routes?.served, served.size);
        const programmed = report.findings.find(({ type }) => type === "Programmed");
        assert.equal(programmed?.status === "True", served.size > 0 && served.size === report.routes.declared);
      }
    }),
    { numRuns: 100 },
  );
});
