import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { afterEach, beforeEach, suite, test } from "node:test";
import type { Declaration } from "../../components/analysis/declaration.ts";
import type { StateObject } from "../../components/analysis/state.ts";
import { StackAnalysis } from "../../components/analysis/stack-analysis.ts";
import { Engine } from "./support/engine.ts";

/** Messages as Pulumi's log gets them. */
class Shown {
  readonly lines: string[] = [];
  error = (text: string, resource?: pulumi.Resource) => this.#add("error", text, resource);
  warn = (text: string, resource?: pulumi.Resource) => this.#add("warning", text, resource);
  info = (text: string, resource?: pulumi.Resource) => this.#add("info", text, resource);

  #add(level: string, text: string, resource: pulumi.Resource | undefined): void {
    this.lines.push(`${level}${resource === undefined ? "" : " at a resource"}: ${text}`);
  }
}

interface Options {
  readonly resource?: pulumi.Resource;
  readonly namespace?: string;
}

function declaration(kind: string, name: string, spec: pulumi.Input<object>, options: Options = {}): Declaration {
  const { resource, namespace = "default" } = options;
  const manifest = pulumi
    .output(spec)
    .apply((known) => ({ apiVersion: "networking.istio.io/v1", kind, metadata: { name, namespace }, spec: known }));
  return { identity: { kind, namespace, name }, manifest, ...(resource === undefined ? {} : { resource }) };
}

const gateway = (name: string, port: pulumi.Input<number>, options?: Options) =>
  declaration(
    "Gateway",
    name,
    {
      selector: { istio: "ingressgateway" },
      servers: [{ port: { number: port, name: "tcp", protocol: "TCP" }, hosts: ["*"] }],
    },
    options,
  );

const virtualService = (
  name: string,
  gateways: string[],
  fields: { port?: number; host?: string; subset?: string } = {},
) =>
  declaration("VirtualService", name, {
    hosts: ["*"],
    gateways,
    tcp: [
      {
        match: [fields.port === undefined ? {} : { port: fields.port }],
        route: [
          {
            destination: {
              host: fields.host ?? "tcp-echo.default.svc.cluster.local",
              ...(fields.subset === undefined ? {} : { subset: fields.subset }),
            },
          },
        ],
      },
    ],
  });

const service: Declaration = {
  identity: { kind: "Service", namespace: "default", name: "tcp-echo" },
  manifest: {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "tcp-echo", namespace: "default" },
    spec: { ports: [{ name: "tcp", port: 3333 }] },
  },
};

const rule = declaration("DestinationRule", "tcp-echo", {
  host: "tcp-echo.default.svc.cluster.local",
  subsets: [{ name: "v1", labels: { version: "v1" } }],
});

/** A value that no preview knows. */
function unknown(): pulumi.Output<number> {
  return pulumi.output(new Promise<number>(() => undefined));
}

suite("the analysis of a stack", () => {
  let engine: Engine;
  let shown: Shown;
  let end: PromiseWithResolvers<void>;
  let failed: PromiseWithResolvers<Error>;
  let analysis: StackAnalysis;
  /** What the last deployment has left. */
  let state: StateObject[] | undefined;

  beforeEach(async () => {
    state = undefined;
    engine = await Engine.start();
    shown = new Shown();
    end = Promise.withResolvers();
    failed = Promise.withResolvers();
    analysis = new StackAnalysis({
      end: () => end.promise,
      log: shown,
      fail: failed.resolve,
      state: () => Promise.resolve(state),
    });
  });

  afterEach(async () => {
    await engine.resources();
  });

  const declare = (...declarations: Declaration[]) => {
    for (const one of declarations) analysis.declare(one);
  };

  /** Ends the program and gives the error that it fails with. */
  const failure = async (): Promise<string> => {
    end.resolve();
    return (await failed.promise).message;
  };

  test("judges nothing before the program has ended", async () => {
    declare(gateway("one", 31400), virtualService("route", ["nope"]));
    let judged = false;
    void analysis.verdict().then(() => (judged = true));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([judged, shown.lines], [false, []]);
    assert.match(await failure(), /^Cannot go on as the routing declarations have an error\./);
    assert.equal(judged, false);
  });

  test("lets a stack through that is right, with nothing to say", async () => {
    declare(service, rule, gateway("one", 31400), virtualService("route", ["one"], { port: 31400, subset: "v1" }));
    end.resolve();
    const objects = await analysis.verdict();
    assert.equal(objects.virtualServices.length, 1);
    assert.deepEqual(shown.lines, []);
  });

  test("holds routes to the claims of the program's ingress gateways", async () => {
    declare(service, rule, gateway("one", 31400), virtualService("route", ["one"]));
    const labels = { istio: "ingressgateway" };
    analysis.claim({ namespace: "default", labels, claims: [{ ports: [31400], routesFrom: ["payments"] }] });
    assert.match(await failure(), /^Cannot go on as the routing declarations have an error\./);
    assert.equal(shown.lines.length, 1);
    assert.match(shown.lines[0] ?? "", /31400.*payments.*TCP0040/);
  });

  test("names an unknown gateway, an unknown subset, an undeclared port, and what to do", async () => {
    declare(service, rule, gateway("one", 31400));
    declare(
      virtualService("a", ["nope"]),
      virtualService("b", ["one"], { subset: "v3" }),
      virtualService("c", ["one"], { port: 31499 }),
    );
    assert.equal(
      await failure(),
      "Cannot go on as the routing declarations have 3 errors. No routing object has been changed",
    );
    assert.deepEqual(
      shown.lines.filter((line) => line.startsWith("error")),
      [
        'error: VirtualService default/a: Referenced gateway not found: "nope". Correct the name, or declare what it names. Names are resolved in the namespace of the object that says them. [IST0101, https://istio.io/latest/docs/reference/config/analysis/ist0101/]',
        'error: VirtualService default/b: Referenced host+subset in destinationrule not found: "tcp-echo.default.svc.cluster.local+v3". Correct the name, or declare what it names. Names are resolved in the namespace of the object that says them. [IST0101, https://istio.io/latest/docs/reference/config/analysis/ist0101/]',
        "error: VirtualService default/c: Port 31499 of tcp[0].match[0] is opened by none of its gateways (default/one), which open 31400. Add a server with port 31499 to one of them, or match one of their ports. [TCP0005, docs/messages.md#tcp0005]",
      ],
    );
  });

  test("finds two Gateways on one port across components, and shows each at its own", async () => {
    class Component extends pulumi.ComponentResource {
      constructor(name: string) {
        super("test:index:Component", name);
        this.registerOutputs();
      }
    }
    declare(
      gateway("one", 31400, { resource: new Component("one") }),
      gateway("two", 31400, { resource: new Component("two") }),
    );
    declare(service, virtualService("route", ["one", "two"]));
    assert.match(await failure(), /2 errors/);
    assert.match(
      shown.lines[0] ?? "",
      /^error at a resource: Gateway default\/one: Conflict with gateways default\/two/,
    );
    assert.match(
      shown.lines[1] ?? "",
      /^error at a resource: Gateway default\/two: Conflict with gateways default\/one/,
    );
  });

  test("takes for granted what other stacks bring, and says so", async () => {
    declare(gateway("one", 31400), virtualService("route", ["one"], { host: "pg.payments.svc.cluster.local" }));
    end.resolve();
    await analysis.verdict();
    assert.deepEqual(shown.lines, [
      "info: Cannot check that pg.payments.svc.cluster.local exists, which others declare",
    ]);
  });

  test("checks subsets of a Service that other stacks bring", async () => {
    declare(
      gateway("one", 31400),
      declaration("DestinationRule", "pg", {
        host: "pg.payments.svc.cluster.local",
        subsets: [{ name: "v1", labels: {} }],
      }),
      virtualService("route", ["one"], { host: "pg.payments.svc.cluster.local", subset: "v2" }),
    );
    assert.match(await failure(), /an error/);
    assert.match(shown.lines[0] ?? "", /pg\.payments\.svc\.cluster\.local\+v2/);
  });

  test("skips what it does not know yet, and what refers to it, with one Info", async () => {
    declare(service, gateway("one", 31400), gateway("later", unknown()), virtualService("route", ["later"]));
    end.resolve();
    await analysis.verdict();
    assert.deepEqual(shown.lines, [
      "info: Cannot check Gateway default/later before all its values are known, nor VirtualService default/route before all its values are known",
    ]);
  });

  test("holds a Gateway to the pods of the ingress gateway that has been given it", async () => {
    const deployment = (labels: Record<string, string>): Declaration => ({
      identity: { kind: "Deployment", namespace: "default", name: "ingressgateway" },
      manifest: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "ingressgateway", namespace: "default" },
        spec: { template: { metadata: { labels } } },
      },
    });
    declare(service, gateway("one", 31400), virtualService("route", ["one"]), deployment({ istio: "other" }));
    analysis.serve({ namespace: "default", name: "one" });
    assert.match(await failure(), /an error/);
    assert.match(shown.lines[0] ?? "", /Gateway default\/one: Referenced selector not found: "istio=ingressgateway"/);
  });

  test("shows warnings and goes on", async () => {
    declare(service, gateway("one", 31400));
    end.resolve();
    await analysis.verdict();
    assert.match(
      shown.lines.join("\n"),
      /^warning: Gateway default\/one: Port 31400 stays closed as no VirtualService routes it/,
    );
  });

  test("gives what is declared after the verdict a verdict of its own, over everything", async () => {
    declare(service, gateway("one", 31400), virtualService("route", ["one"]));
    end.resolve();
    const first = await analysis.verdict();
    declare(gateway("two", 31400));
    assert.equal(first.gateways.length, 1);
    await failed.promise;
    assert.equal(shown.lines.filter((line) => line.includes("Conflict")).length, 2);
  });

  suite("what changes", () => {
    /** A component's declaration, so that its changes are the program's. */
    class Component extends pulumi.ComponentResource {
      constructor(name: string) {
        super("test:index:Component", name);
        this.registerOutputs();
      }
    }
    let count = 0;
    const own = (declared: Declaration): Declaration => ({ ...declared, resource: new Component(`own-${count++}`) });
    const before = (manifest: pulumi.Input<object>, secret = false) =>
      new Promise<void>((resolve) => {
        pulumi.output(manifest).apply((known) => {
          (state ??= []).push({ manifest: known, secret });
          resolve();
        });
      });
    const routes = () => shown.lines.filter((line) => line.includes("Routes:"));

    beforeEach(async () => {
      await before(gateway("one", 31400).manifest);
      await before(virtualService("route", ["one"]).manifest);
    });

    test("is told by port", async () => {
      declare(service, own(gateway("one", 31401)), own(virtualService("route", ["one"])));
      end.resolve();
      await analysis.verdict();
      assert.deepEqual(routes(), [
        "info: Routes:\n  31400: closes; open connections go on until they end\n  31401: opens → tcp-echo.default",
      ]);
    });

    test("is not told where nothing does", async () => {
      declare(service, own(gateway("one", 31400)), own(virtualService("route", ["one"])));
      end.resolve();
      await analysis.verdict();
      assert.deepEqual(routes(), []);
    });

    test("is not told where the last deployment is not known", async () => {
      state = undefined;
      declare(service, own(gateway("one", 31401)), own(virtualService("route", ["one"])));
      end.resolve();
      await analysis.verdict();
      assert.deepEqual(routes(), []);
    });

    test("is not told of what is not known yet, nor of what routes to it", async () => {
      declare(service, own(gateway("one", unknown())), own(virtualService("route", ["one"])));
      end.resolve();
      await analysis.verdict();
      assert.deepEqual(routes(), []);
    });

    test("is not told of what is secret, before or after", async () => {
      declare(service, own(gateway("one", pulumi.secret(31401))), own(virtualService("route", ["one"])));
      end.resolve();
      await analysis.verdict();
      assert.deepEqual(routes(), []);
    });

    test("is not told of what others declare", async () => {
      state = [];
      await before(virtualService("route", ["one"]).manifest);
      declare(service, gateway("one", 31400), own(virtualService("route", ["one"])));
      end.resolve();
      await analysis.verdict();
      assert.deepEqual(routes(), []);
    });
  });

  test("says no value of an object that holds a secret", async () => {
    class Component extends pulumi.ComponentResource {
      constructor() {
        super("test:index:Component", "secret");
        this.registerOutputs();
      }
    }
    const secret = declaration(
      "Gateway",
      "one",
      { servers: pulumi.secret("swordfish") },
      { resource: new Component() },
    );
    declare(secret);
    await failure();
    assert.match(shown.lines.join("\n"), /Gateway default\/one: SchemaValidationError/);
    assert.doesNotMatch(shown.lines.join("\n"), /swordfish/);
  });

  test("says where the program declares what is wrong", async () => {
    declare({ ...virtualService("route", ["nope"]), place: "index.ts:14" });
    await failure();
    assert.match(
      shown.lines[0] ?? "",
      /^error: VirtualService default\/route \(index\.ts:14\): Referenced gateway not found/,
    );
  });
});
