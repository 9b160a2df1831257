import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { scenarioMark } from "../tally.ts";
import { EchoClient, podsBehind } from "./support/echo-client.ts";
import { eventually } from "./support/eventually.ts";
import { assertNothingLeft, leftovers } from "./support/leftovers.ts";
import { buildConfig } from "./support/config.ts";
import { assertScenario } from "./support/routes.ts";
import { kubectl, Stack } from "./support/stack.ts";

interface Outputs {
  readonly endpoints: readonly { host: string; port: number; subsets: readonly string[] }[];
}

suite("the scenario, by pulumi up", () => {
  const config = { ...buildConfig(), ingress: { replicas: 1, logLevel: "debug" } };
  let stack: Stack;
  let host: string;
  let untouched: string;

  before(async () => {
    untouched = await leftovers();
    stack = await Stack.create("scenario", { config });
    const up = await stack.up();
    assert.equal(up.code, 0, up.text);
    const { endpoints } = await stack.outputs<Outputs>();
    host = endpoints[0]?.host ?? "";
  });

  after(async () => {
    await stack[Symbol.asyncDispose]();
  });

  test("the stack's outputs say where each subset is reached", async () => {
    const { endpoints } = await stack.outputs<Outputs>();
    assert.deepEqual(
      endpoints.map(({ port, subsets }) => ({ port, subsets })),
      [
        { port: 31400, subsets: ["v1"] },
        { port: 31401, subsets: ["v2"] },
      ],
    );
    assert.match(host, /^\d+\.\d+\.\d+\.\d+$/);
  });

  test("namespace default carries the injection label, and both pods and the Service are as the scenario lists them", async () => {
    assert.equal(
      await kubectl(["get", "namespace", "default", "-o", "jsonpath={.metadata.labels.istio-injection}"]),
      "enabled",
    );
    const pods = (await kubectl(["get", "pods", "--selector=app=tcp-echo", "--no-headers"])).trim().split("\n");
    assert.equal(pods.length, 2);
    for (const pod of pods) assert.match(pod, /^tcp-echo-v[12]-\S+ +1\/1 +Running/);
    assert.match(
      await kubectl(["get", "service", "--selector=app=tcp-echo", "--no-headers"]),
      /^tcp-echo +ClusterIP +\S+ +<none> +3333\/TCP/,
    );
  });

  test("each port reaches its subset and only its subset, 100 connections each", async (context) => {
    for (const { port, subset, pods } of await assertScenario(host, 100)) {
      assert.equal(pods.length, 1);
      context.diagnostic(`${scenarioMark}${host} ${port} reached subset ${subset}, pod ${pods.join()}`);
    }
  });

  test("the greeting comes before anything is typed, and the log tells what was received", async () => {
    using client = await EchoClient.connect(host, 31400);
    const pod = JSON.parse(await kubectl(["get", "pod", client.pod, "-o", "json"])) as {
      spec: { nodeName: string };
      status: { podIP: string };
    };
    assert.deepEqual(client.greeting, [
      `Welcome, you are connected to node ${pod.spec.nodeName}.`,
      `Running on Pod ${client.pod}.`,
      "In namespace default.",
      `With IP address ${pod.status.podIP}.`,
      "Service default.",
    ]);
    const text = "hello, app1";
    assert.equal(await client.echo(text), text);
    const raw = `Received Raw Data: [${[...Buffer.from(text)].join(" ")}]`;
    const log = await eventually("the pod's log to hold what was received", async () => {
      const lines = (await kubectl(["logs", client.pod, "-c", "tcp-echo-container"])).trim().split("\n");
      return lines.some((line) => line.endsWith(raw)) ? lines : undefined;
    });
    assert.match(log.join("\n"), /Listening on TCP port 3333/);
    const head = "\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d ([0-9a-f-]{36}) - ";
    const id = new RegExp(`^${head}Received Raw Data`).exec(log.find((line) => line.endsWith(raw)) ?? "")?.[1] ?? "";
    const ofConnection = log
      .filter((line) => line.includes(id))
      .map((line) => line.replace(new RegExp(`^${head}`), ""));
    assert.deepEqual(ofConnection.slice(0, 3), [
      "TCP connection open.",
      raw,
      `Received Data (converted to string): ${text}`,
    ]);
  });

  test("a second up, and a refresh, change nothing", async () => {
    const again = await stack.up("--expect-no-changes");
    assert.equal(again.code, 0, again.text);
    const refreshed = await stack.refresh("--expect-no-changes");
    assert.equal(refreshed.code, 0, refreshed.text);
  });

  test("a changed route is taken by new connections, while an old connection lives on", async () => {
    using old = await EchoClient.connect(host, 31400);
    const swapped = [
      { port: 31400, to: "tcp-echo", subset: "v2", gateway: "tcp-echo-gateway" },
      { port: 31401, to: "tcp-echo", subset: "v1", gateway: "tcp-echo-gateway-v2" },
    ];
    await stack.configure({ ...config, listeners: swapped });
    const changed = await stack.up();
    assert.equal(changed.code, 0, changed.text);
    await eventually("port 31400 to reach v2", async () => {
      using client = await EchoClient.connect(host, 31400);
      return client.pod.startsWith("tcp-echo-v2-") || undefined;
    });
    for (const pod of await podsBehind(host, 31400, 20)) assert.match(pod, /^tcp-echo-v2-/);
    for (const pod of await podsBehind(host, 31401, 20)) assert.match(pod, /^tcp-echo-v1-/);
    assert.match(old.pod, /^tcp-echo-v1-/);
    assert.equal(await old.echo("still here"), "still here");

    await stack.configure(config);
    const back = await stack.up();
    assert.equal(back.code, 0, back.text);
  });

  test("when a pod is deleted, no new connection fails once its endpoint has gone", async () => {
    const scale = (replicas: number): Promise<string> =>
      kubectl(["scale", "deployment/tcp-echo-v1", `--replicas=${replicas}`]);
    await scale(2);
    await kubectl(["rollout", "status", "deployment/tcp-echo-v1", "--timeout=60s"]);
    await eventually("both v1 pods to answer", async () => (await podsBehind(host, 31400, 4)).size === 2 || undefined);
    const [victim] = await podsBehind(host, 31400, 1);
    assert.ok(victim !== undefined);
    const deleted = kubectl(["delete", "pod", victim, "--wait=true"]);
    let gone = false;
    const endpointGone = eventually("the deleted pod's endpoint to go", async () => {
      const ready = await kubectl([
        "get",
        "endpointslices",
        "-l",
        "kubernetes.io/service-name=tcp-echo",
        "-o",
        "jsonpath={.items[*].endpoints[*].targetRef.name}",
      ]);
      return !ready.split(" ").includes(victim) || undefined;
    }).then(() => (gone = true));
    let failuresAfter = 0;
    let madeAfter = 0;
    while (madeAfter < 100) {
      const counted = gone;
      try {
        using client = await EchoClient.connect(host, 31400);
        assert.match(client.pod, /^tcp-echo-v1-/);
      } catch {
        if (counted) failuresAfter += 1;
      }
      if (counted) madeAfter += 1;
    }
    await Promise.all([deleted, endpointGone]);
    assert.equal(failuresAfter, 0);
    await scale(1);
  });

  test("destroy leaves nothing behind", async () => {
    const destroyed = await stack.destroy();
    assert.equal(destroyed.code, 0, destroyed.text);
    await assertNothingLeft(untouched);
  });
});
