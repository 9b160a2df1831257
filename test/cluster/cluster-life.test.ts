import assert from "node:assert/strict";
import { once } from "node:events";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, suite, test } from "node:test";
import { Control } from "../../local/cluster/control.ts";
import { describe, placesOf } from "../../local/cluster/description.ts";
import { clusterTools, down, status, up } from "../../local/cluster/index.ts";
import { launch } from "../../local/cluster/launch.ts";
import { provide, run, silentProgress, type Toolchain } from "../../local/toolchain/index.ts";
import { kernelSettings, tracesOf } from "./support/host.ts";

const instance = "life";
const places = placesOf(instance);
const nothing = { links: [], routes: [], mounts: [], cgroups: [], processes: [], sockets: [] };

let toolchain: Toolchain;
let folder: string;

async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run(join(toolchain.bin, "kubectl"), ["--kubeconfig", places.kubeconfig, ...args]);
  return stdout.trim();
}

/** Starts the cluster and kills its supervisor, with all of its namespaces, as soon as an event fits. */
async function killWhen(message: string): Promise<void> {
  await launch(describe(instance, toolchain), places);
  using control = await Control.open(places.control);
  assert.ok(control?.started.pid);
  for (let event = await control.next(); event?.message !== message; event = await control.next()) assert.ok(event);
  process.kill(control.started.pid, "SIGKILL");
}

/** Asks the Docker engine whether it is there, which starts it. */
async function pingEngine(dockerHost: string): Promise<string> {
  const request = get({ socketPath: dockerHost.replace("unix://", ""), path: "/_ping" });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return text(response);
}

// Each test goes on where the one before ended.
suite("life of a cluster", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "life-"));
    toolchain = await provide(clusterTools);
    await down(instance);
  });
  after(async () => {
    await down(instance);
    await rm(folder, { recursive: true });
  });

  test("an interrupt while it starts ends in rest", async () => {
    const interrupt = new AbortController();
    const progress = silentProgress(interrupt.signal);
    const starting = up(instance, toolchain, {
      ...progress,
      step: (_title, work) => work({ note: () => interrupt.abort(new Error("Interrupted by the test")) }),
    });
    await assert.rejects(starting, { message: "Interrupted by the test" });
    await down(instance, { keepState: true });
    assert.deepEqual(await tracesOf(instance), nothing);
  });

  for (const message of ["Network and configuration are in place", "The API server is ready", "The node is ready"]) {
    test(`killed at "${message}": the next start works`, () => killWhen(message));
  }

  test("comes up with all that it promises", async () => {
    const settings = await kernelSettings();
    const info = await up(instance, toolchain);
    assert.deepEqual(await status(instance), info);
    assert.equal(await kubectl("get", "nodes", "--output=jsonpath={.items[*].metadata.name}"), "node-1");
    const registry = await fetch(`http://${info.registry}/v2/base/node/tags/list`);
    assert.deepEqual(await registry.json(), { name: "base/node", tags: ["26"] });
    assert.equal(await pingEngine(info.dockerHost), "OK");
    assert.deepEqual(await kernelSettings(), settings, "the host's kernel settings are its own");
  });

  test("a second up finds it running", async () => {
    using control = await Control.open(places.control);
    await up(instance, toolchain);
    using same = await Control.open(places.control);
    assert.equal(same?.started.pid, control?.started.pid);
  });

  test("runs a pod from its registry, which a killed cluster starts again", async () => {
    const { nodeImage } = await up(instance, toolchain);
    const program = `process.on("SIGTERM", () => { require("fs").writeFileSync("/host/stopped", ""); process.exit(); }); setInterval(() => {}, 1000)`;
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "sleeper" },
      spec: {
        containers: [
          {
            name: "node",
            image: nodeImage,
            command: ["node", "-e", program],
            volumeMounts: [{ name: "host", mountPath: "/host" }],
          },
        ],
        volumes: [{ name: "host", hostPath: { path: folder } }],
      },
    };
    const file = join(folder, "pod.json");
    await writeFile(file, JSON.stringify(pod));
    await kubectl("wait", "--for=create", "serviceaccount/default", "--timeout=30s");
    await kubectl("apply", "--filename", file);
    await kubectl("wait", "--for=condition=Ready", "pod/sleeper", "--timeout=60s");
    using control = await Control.open(places.control);
    assert.ok(control?.started.pid);
    process.kill(control.started.pid, "SIGKILL");
    await up(instance, toolchain);
    await kubectl(
      "wait",
      "--for=jsonpath={.status.containerStatuses[0].restartCount}=1",
      "pod/sleeper",
      "--timeout=60s",
    );
    await kubectl("wait", "--for=condition=Ready", "pod/sleeper", "--timeout=60s");
  });

  test("gives load balancers addresses, and takes them back", async () => {
    const ingress = "{.status.loadBalancer.ingress[0].ip}";
    const create = (name: string) => kubectl("create", "service", "loadbalancer", name, "--tcp=80");
    const address = async (name: string) => {
      await kubectl("wait", `--for=jsonpath=${ingress}`, `service/${name}`, "--timeout=30s");
      return kubectl("get", "service", name, `--output=jsonpath=${ingress}`);
    };
    await create("first");
    const first = await address("first");
    await create("second");
    assert.notEqual(await address("second"), first);
    await kubectl("delete", "service", "first");
    await create("third");
    assert.equal(await address("third"), first);
  });

  test("a stop gives pods their grace and leaves nothing on the host but the state", async () => {
    const running = await tracesOf(instance);
    assert.ok(
      running.links.length > 0 && running.routes.length > 0 && running.cgroups.length > 0,
      "the traces are found",
    );
    assert.ok(running.processes.length > 0 && running.sockets.length > 0, "the traces are found");
    await down(instance, { keepState: true });
    await access(join(folder, "stopped"));
    assert.deepEqual(await tracesOf(instance), nothing);
    await access(places.kubeconfig);
    assert.equal(await status(instance), undefined);
  });

  test("comes back with its objects, images and registry, and goes with its state", async () => {
    const { nodeImage } = await up(instance, toolchain);
    assert.equal(await kubectl("get", "pod", "sleeper", "--output=jsonpath={.spec.containers[0].image}"), nodeImage);
    await down(instance);
    assert.deepEqual(await tracesOf(instance), nothing);
    await assert.rejects(access(places.state));
  });
});
