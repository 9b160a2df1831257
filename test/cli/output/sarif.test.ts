import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { sarifLog } from "../../../cli/output/sarif.ts";
import { messageOf } from "../../../routing/index.ts";
import { tcpIngress } from "../support.ts";

/**
 * What SARIF 2.1.0 (OASIS, section 3) wants of the properties that we use: their names, what must be there, and what values may be.
 */
const level = z.enum(["none", "note", "warning", "error"]);
const text = z.strictObject({ text: z.string().min(1), markdown: z.string().min(1).optional() });
// RFC 3986: what a relative reference may hold without being encoded.
const uriReference = z.string().regex(/^[\w\-.~%/:@!$&'()*+,;=]+$/);
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          semanticVersion: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/),
          informationUri: z.url(),
          rules: z.array(
            z.strictObject({
              id: z.string().min(1),
              name: z.string().min(1),
              shortDescription: text,
              help: text,
              helpUri: z.url().optional(),
              defaultConfiguration: z.strictObject({ level }),
            }),
          ),
        }),
      }),
      columnKind: z.enum(["utf16CodeUnits", "unicodeCodePoints"]),
      invocations: z.array(z.strictObject({ executionSuccessful: z.boolean(), exitCode: z.int() })),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level,
          message: text,
          locations: z
            .array(
              z.strictObject({
                physicalLocation: z
                  .strictObject({
                    artifactLocation: z.strictObject({ uri: uriReference, uriBaseId: z.string().optional() }),
                    region: z.strictObject({ startLine: z.int().min(1) }),
                  })
                  .optional(),
                logicalLocations: z
                  .array(z.strictObject({ fullyQualifiedName: z.string().min(1), kind: z.string() }))
                  .optional(),
              }),
            )
            .optional(),
          partialFingerprints: z.record(z.string(), z.string()),
        }),
      ),
    }),
  ]),
});

const at = (reference: string | undefined, resource = "Gateway shop/a") =>
  messageOf("IST0101", { resource, reference }, "text");

function locations(...references: (string | undefined)[]): unknown[] {
  const { results } = sarif.parse(
    sarifLog(
      references.map((reference) => at(reference)),
      1,
    ),
  ).runs[0];
  return results.map((result) => result.locations?.[0]?.physicalLocation);
}

test("what the command prints is SARIF 2.1.0, and says what its rules mean", async () => {
  const stdin = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: echo, namespace: shop}
spec: {hosts: ["*"], gateways: [missing], tcp: [{route: [{destination: {host: echo}}]}], unknown: 1}
`;
  const { status, stdout } = await tcpIngress(["analyze", "-o", "sarif", "-"], { stdin });
  assert.equal(status, 1);
  const {
    tool: { driver },
    results,
    invocations,
  } = sarif.parse(JSON.parse(stdout)).runs[0];
  assert.deepEqual(invocations, [{ executionSuccessful: true, exitCode: 1 }]);
  for (const { ruleId, ruleIndex } of results) assert.equal(driver.rules[ruleIndex]?.id, ruleId);
  assert.deepEqual(
    results.map((result) => result.level),
    ["error", "warning", "warning", "note"],
  );
  const [rule] = driver.rules.filter(({ id }) => id === "IST0101");
  assert.equal(rule?.helpUri, "https://istio.io/latest/docs/reference/config/analysis/ist0101/");
  assert.match(rule.help.text, /What to do: /);
  assert.equal(driver.rules.find(({ id }) => id.startsWith("TCP"))?.helpUri, undefined);
});

test("files are relative to where the command ran; what is outside is named whole", () => {
  const inside = (uri: string, startLine: number) => ({
    artifactLocation: { uri, uriBaseId: "%SRCROOT%" },
    region: { startLine },
  });
  assert.deepEqual(
    locations("a b/ü.yaml:3", join(process.cwd(), "c.yaml:4"), "d.yaml", "../e.yaml:5", "-:6", undefined),
    [
      inside("a%20b/%C3%BC.yaml", 3),
      inside("c.yaml", 4),
      inside("d.yaml", 1),
      { artifactLocation: { uri: pathToFileURL("../e.yaml").href }, region: { startLine: 5 } },
      undefined,
      undefined,
    ],
  );
});

test("an object is a logical location, and what is about none has no location", () => {
  const { results } = sarif.parse(sarifLog([at(undefined), at(undefined, "")], 1)).runs[0];
  assert.deepEqual(
    results.map((result) => result.locations),
    [[{ logicalLocations: [{ fullyQualifiedName: "Gateway shop/a", kind: "resource" }] }], undefined],
  );
});

test("a finding stays the same one when its line changes, and another one is another", () => {
  const prints = sarif
    .parse(sarifLog([at("a.yaml:1"), at("a.yaml:9"), at("b.yaml:1")], 1))
    .runs[0].results.map(({ partialFingerprints }) => partialFingerprints["messageHash/v1"]);
  assert.equal(prints[0], prints[1]);
  assert.notEqual(prints[0], prints[2]);
});

test("input that cannot be read is an execution that did not succeed", () => {
  const { invocations } = sarif.parse(sarifLog([messageOf("TCP0003", { resource: "" }, "text")], 2)).runs[0];
  assert.deepEqual(invocations, [{ executionSuccessful: false, exitCode: 2 }]);
});
