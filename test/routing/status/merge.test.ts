import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { mergeStatus, type ObjectStatus, type Report } from "../../../routing/status/index.ts";

const early = "2026-01-01T00:00:00Z";
const late = "2026-01-01T00:01:00Z";
const nobody = (): boolean => false;

function report(programmed: "True" | "False", served = 1, generation = 2): Report {
  return {
    findings: [
      { type: "Accepted", status: "True", reason: "Accepted", message: "yes", observedGeneration: generation },
      { type: "ResolvedRefs", status: "True", reason: "ResolvedRefs", message: "all", observedGeneration: generation },
      {
        type: "Programmed",
        status: programmed,
        reason: programmed === "True" ? "Programmed" : "NoReadyEndpoints",
        message: `${served} served`,
        observedGeneration: generation,
      },
    ],
    messages: [
      { code: "TCP0010", name: "UnenforceableMatch", level: "Warning", message: "text", documentationUrl: "docs" },
    ],
    routes: { declared: 2, served },
    endpoints: { ready: served },
  };
}

function merged(
  stored: unknown,
  found: Report | undefined,
  now = early,
  workload = "default/a",
  isGone: (workload: string) => boolean = nobody,
): ObjectStatus {
  return mergeStatus(stored, { workload, report: found, now, isGone }) as ObjectStatus;
}

function times({ conditions = [] }: ObjectStatus): string[] {
  return conditions.map(({ type, lastTransitionTime }) => `${type} ${lastTransitionTime}`);
}

suite("merging what a workload found into a status", () => {
  test("has Istio's fields, and ours beside them", () => {
    assert.deepEqual(merged(undefined, report("True")), {
      observedGeneration: 2,
      conditions: [
        {
          type: "Accepted",
          status: "True",
          reason: "Accepted",
          message: "yes",
          observedGeneration: 2,
          lastTransitionTime: early,
        },
        {
          type: "ResolvedRefs",
          status: "True",
          reason: "ResolvedRefs",
          message: "all",
          observedGeneration: 2,
          lastTransitionTime: early,
        },
        {
          type: "Programmed",
          status: "True",
          reason: "Programmed",
          message: "1 served",
          observedGeneration: 2,
          lastTransitionTime: early,
        },
      ],
      validationMessages: [
        { type: { code: "TCP0010", name: "UnenforceableMatch" }, level: "WARNING", documentationUrl: "docs" },
      ],
      tcpIngress: {
        routes: { declared: 2, served: 1 },
        endpoints: { ready: 1 },
        workloads: [
          {
            workload: "default/a",
            conditions: [
              {
                type: "Accepted",
                status: "True",
                reason: "Accepted",
                message: "yes",
                observedGeneration: 2,
                lastTransitionTime: early,
              },
              {
                type: "ResolvedRefs",
                status: "True",
                reason: "ResolvedRefs",
                message: "all",
                observedGeneration: 2,
                lastTransitionTime: early,
              },
              {
                type: "Programmed",
                status: "True",
                reason: "Programmed",
                message: "1 served",
                observedGeneration: 2,
                lastTransitionTime: early,
              },
            ],
            messages: [
              {
                code: "TCP0010",
                name: "UnenforceableMatch",
                level: "Warning",
                message: "text",
                documentationUrl: "docs",
              },
            ],
            routes: { declared: 2, served: 1 },
            endpoints: { ready: 1 },
          },
        ],
      },
    });
  });

  test("changes nothing where all is true already, whatever the time and the order of fields", () => {
    const stored = merged(undefined, report("True"));
    assert.equal(merged(stored, report("True"), late), stored);
    const sorted = JSON.parse(JSON.stringify(stored, (_key, value: unknown) => sortFields(value))) as ObjectStatus;
    assert.equal(merged(sorted, report("True"), late), sorted);
    const nothing = { conditions: [{ type: "Ready" }] };
    assert.equal(merged(nothing, undefined), nothing);
    assert.equal(mergeStatus(undefined, { workload: "a/a", report: undefined, now: early, isGone: nobody }), undefined);
  });

  test("a condition's time moves with its status alone", () => {
    const first = merged(undefined, report("True"));
    const fewer = merged(first, report("True", 0, 3), late);
    assert.deepEqual(times(fewer), times(first));
    assert.equal(fewer.conditions?.[2]?.message, "0 served");
    assert.deepEqual(times(merged(fewer, report("False"), late)), [
      `Accepted ${early}`,
      `ResolvedRefs ${early}`,
      `Programmed ${late}`,
    ]);
  });

  test("keeps what others have written, in its place, and takes off what is its own", () => {
    const foreign = {
      addresses: [{ value: "10.0.0.1" }],
      conditions: [
        { type: "Ready", status: "True" },
        { type: "Programmed", status: "False", reason: "Old", message: "old", lastTransitionTime: late },
        { type: "PassedAnalysis", status: "False" },
        { type: "Reconciled", status: "True" },
      ],
      observedGeneration: "1",
      validationMessages: [{ type: { code: "IST0101" } }],
    };
    const stored = merged(foreign, report("True"));
    assert.deepEqual(
      stored.conditions?.map(({ type }) => type),
      ["Ready", "Programmed", "PassedAnalysis", "Reconciled", "Accepted", "ResolvedRefs"],
    );
    const { conditions: _ours, tcpIngress: _own, ...rest } = stored;
    const { conditions, ...before } = foreign;
    assert.deepEqual(rest, before);
    assert.deepEqual(merged(stored, undefined), {
      ...before,
      conditions: conditions.filter(({ type }) => type !== "Programmed"),
    });
    assert.deepEqual(merged(merged({ addresses: [] }, report("True")), undefined), { addresses: [] });
  });

  test("several workloads come to the same, whoever writes last, and the worst counts", () => {
    const one = merged(
      merged(undefined, report("True"), early, "default/a"),
      report("False", 0, 1),
      early,
      "default/b",
    );
    const other = merged(
      merged(undefined, report("False", 0, 1), early, "default/b"),
      report("True"),
      early,
      "default/a",
    );
    assert.deepEqual(one, other);
    assert.equal(one.conditions?.[2]?.status, "False");
    assert.equal(one.conditions[2].message, "default/b: 0 served");
    assert.equal(one.observedGeneration, 1);
    assert.deepEqual(one.tcpIngress?.routes, { declared: 2, served: 0 });
    assert.equal(merged(one, report("True"), late, "default/a"), one);
    assert.equal(merged(one, report("False", 0, 1), late, "default/b"), one);
    assert.deepEqual(
      merged(one, undefined, early, "default/b").tcpIngress,
      merged(undefined, report("True")).tcpIngress,
    );
  });

  test("the entry of a workload that is gone goes", () => {
    const both = merged(merged(undefined, report("True"), early, "default/a"), report("False"), early, "default/b");
    const left = merged(both, report("True"), late, "default/a", (workload) => workload === "default/b");
    assert.deepEqual(
      left.tcpIngress?.workloads.map(({ workload }) => workload),
      ["default/a"],
    );
    assert.equal(left.conditions?.[2]?.status, "True");
    assert.equal(left.conditions[2].lastTransitionTime, late);
  });

  test("is no change where an older CRD of Istio's drops the generation of conditions", () => {
    const stored = merged(undefined, report("True"));
    const pruned = {
      ...stored,
      conditions: stored.conditions?.map(({ observedGeneration: _dropped, ...rest }) => rest),
    };
    assert.equal(merged(pruned, report("True"), late), pruned);
  });
});

function sortFields(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
