import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { customResourceDefinitions } from "../../routing/index.ts";
import { istioVersions } from "../../routing/schema/index.ts";
import { largest } from "./support/bounds.ts";
import { eventually } from "./support/eventually.ts";
import { kubectl } from "./support/stack.ts";

/** A group of our own: the definitions of Istio's group belong to the scenario's stacks. */
const group = "definitions.tcp-ingress.test";

const manifest = JSON.stringify({ apiVersion: "v1", kind: "List", items: customResourceDefinitions() }).replaceAll(
  "networking.istio.io",
  group,
);

/** As an older version of this package might have had them: all fields, and no rules. */
const older = JSON.stringify(JSON.parse(manifest), (key, value: unknown) =>
  ["x-kubernetes-validations", "pattern", "additionalPrinterColumns"].includes(key) ? undefined : value,
);

interface Servers {
  readonly selector?: Readonly<Record<string, string>>;
  readonly servers: readonly object[];
}

function gateway(name: string, spec: Servers, version: string = "v1"): string {
  return JSON.stringify({ apiVersion: `${group}/${version}`, kind: "Gateway", metadata: { name }, spec });
}

const server = (number: number, name: string) => ({ port: { number, name, protocol: "TCP" }, hosts: ["*"] });
const sameNames: Servers = { servers: [server(31400, "tcp"), server(31401, "tcp")] };
const full = (plural: string) => `${plural}.${group}`;

suite("the custom resource definitions", () => {
  before(async () => {
    await kubectl(["apply", "--server-side", "-f", "-"], older);
    await kubectl(["wait", "--for=condition=Established", "-f", "-"], older);
    await kubectl(["create", "-f", "-"], gateway("old", sameNames));
    await kubectl(["apply", "--server-side", "-f", "-"], manifest);
    await eventually("the new rules", () =>
      kubectl(["create", "--dry-run=server", "-f", "-"], gateway("new", sameNames)).then(
        () => undefined,
        () => true,
      ),
    );
  });

  after(async () => {
    await kubectl(["delete", "--ignore-not-found", "-f", "-"], manifest);
  });

  test("an object from before a rule that it breaks can still be changed elsewhere, and not there", async () => {
    const patch = (spec: object) =>
      kubectl(["patch", full("gateways"), "old", "--type=merge", "--patch", JSON.stringify({ spec })]);
    await kubectl(["label", full("gateways"), "old", "team=payments"]);
    await patch({ selector: { istio: "ingressgateway" } });
    await assert.rejects(
      patch({ servers: [...sameNames.servers, server(31402, "tcp")] }),
      /spec\.servers: Invalid value: .*Expected port names that are unique in the Gateway/,
    );
  });

  test("what a rule says names the field, what is wrong and what to do", async () => {
    const refused = async (one: object): Promise<string> => {
      const answer = kubectl(["create", "--dry-run=server", "-f", "-"], gateway("wrong", { servers: [one] }));
      return answer.then(
        () => "accepted",
        (error: unknown) => String(error),
      );
    };
    const tls = { port: { number: 443, name: "tls", protocol: "TLS" }, hosts: ["*"] };
    assert.match(
      await refused({ ...tls, tls: { mode: "SIMPLE" } }),
      /spec\.servers\[0\]\.tls: Required value: Expected credentialName, the Secret that holds the certificate, where TLS ends at the gateway/,
    );
    assert.match(await refused(tls), /spec\.servers\[0\]: Required value: Expected tls with protocol TLS or HTTPS/);
    assert.match(
      await refused({ ...server(31400, "tcp"), tls: {} }),
      /spec\.servers\[0\]\.tls: Forbidden: Expected no tls with this protocol/,
    );
    assert.match(await refused(server(15021, "tcp")), /port\.number: Invalid value: .*Expected another port/);
    assert.match(
      await refused({ ...server(31400, "tcp"), bind: "localhost" }),
      /spec\.servers\[0\]\.bind: Invalid value: .*Expected an IP address/,
    );
  });

  for (const [kind, spec] of Object.entries(largest)) {
    test(`a ${kind} with as many of everything as there may be is within the API server's budget for rules`, async () => {
      const object = { apiVersion: `${group}/v1`, kind, metadata: { name: "largest" }, spec };
      await kubectl(["create", "--dry-run=server", "-f", "-"], JSON.stringify(object));
    });
  }

  test("an object of one version is read in every other", async () => {
    for (const version of istioVersions) {
      await kubectl(["apply", "-f", "-"], gateway("versions", { servers: [server(31400, "tcp")] }, version));
      for (const other of istioVersions) {
        const port = ["--output=jsonpath={.apiVersion} {.spec.servers[0].port.number}"];
        assert.equal(
          await kubectl(["get", `gateways.${other}.${group}`, "versions", ...port]),
          `${group}/${other} 31400`,
        );
      }
    }
  });

  test("what Istio serves for others is kept as it is: HTTP servers, HTTP routes, routes of the mesh", async () => {
    const text = await readFile(join(import.meta.dirname, "support", "bookinfo.yaml"), "utf8");
    await kubectl(
      ["create", "--dry-run=server", "--validate=strict", "-f", "-"],
      text.replaceAll("networking.istio.io", group),
    );
  });

  test("status is written apart from the spec, and nothing of it is dropped", async () => {
    await kubectl(["apply", "-f", "-"], gateway("status", { servers: [server(31400, "tcp")] }));
    const written = {
      conditions: [
        { type: "Accepted", status: "True", reason: "Accepted", message: "", observedGeneration: 1 },
        { type: "Reconciled", status: "False", observedGeneration: "1", unknown: 1 },
      ],
      observedGeneration: "1",
      tcpIngress: { listeners: { declared: 1, open: 1 }, attachedRoutes: 2, later: { a: [1] } },
      later: true,
    };
    const body = JSON.stringify({ status: written, spec: { servers: [] } });
    await kubectl(["patch", full("gateways"), "status", "--subresource=status", "--type=merge", "--patch", body]);
    const { spec, status } = JSON.parse(await kubectl(["get", full("gateways"), "status", "--output=json"])) as {
      spec: Servers;
      status: object;
    };
    assert.deepEqual([spec.servers.length, status], [1, written]);
  });

  test("kubectl get shows how an object fares", async () => {
    const [header, line] = (await kubectl(["get", full("gateways"), "status", "--output=wide"])).split("\n");
    assert.deepEqual(header?.split(/ +/).filter(Boolean), [
      ...["NAME", "ACCEPTED", "PROGRAMMED", "LISTENERS", "ROUTES", "AGE", "REASON", "RESOLVEDREFS", "SELECTOR"],
    ]);
    assert.match(line ?? "", /^status +True +1 +2 /);
  });

  test("kubectl explain says what a field is for", async () => {
    const answer = await kubectl([
      "explain",
      "virtualservices.spec.tcp.match.sourceSubnet",
      `--api-version=${group}/v1`,
    ]);
    assert.match(answer, /The client's address is in this block/);
  });
});
