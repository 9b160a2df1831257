import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { keys, readConfig } from "../../stack/config.ts";
import { Engine } from "../components/support/engine.ts";
import { configWith, declaredKeys, stackFile } from "./support.ts";

const prebuilt = { gatewayImage: "gateway@sha256:1", echoImage: "echo@sha256:1" };

/** The config that a stack with these values has. */
async function read(values: Record<string, unknown>) {
  await Engine.start(undefined, { config: configWith(values) });
  return readConfig();
}

/** What a person is told who has these values. */
async function complaint(values: Record<string, unknown>): Promise<string> {
  try {
    await read(values);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

suite("the configuration of a stack", () => {
  test("has every key of Pulumi.yaml, with type, description and default, and no other", () => {
    const declared = declaredKeys();
    assert.deepEqual(Object.keys(declared).sort(), [...keys].sort());
    for (const [key, { type, description, default: value }] of Object.entries(declared)) {
      assert.ok(type !== undefined && description.length > 0 && value !== undefined, key);
    }
  });

  test("is the scenario by default", async () => {
    const config = await read(prebuilt);
    assert.deepEqual(config.destinations, {
      "tcp-echo": { host: "tcp-echo", port: 3333, subsets: { v1: { version: "v1" }, v2: { version: "v2" } } },
    });
    assert.deepEqual(config.listeners, [
      { port: 31400, to: "tcp-echo", subset: "v1", gateway: "tcp-echo-gateway" },
      { port: 31401, to: "tcp-echo", subset: "v2", gateway: "tcp-echo-gateway-v2" },
    ]);
    assert.equal(config.ingress.replicas, 2);
    assert.equal(config.kubeconfig, undefined);
  });

  for (const stack of ["staging", "prod"]) {
    test(`of stack ${stack} is right as it stands`, async () => {
      await read(stackFile(stack));
    });
  }

  for (const stack of ["local", "dev"]) {
    test(`of stack ${stack} lacks nothing but a registry`, async () => {
      assert.equal(
        await complaint(stackFile(stack)),
        "Cannot use the configuration of stack test: tcp-ingress:registry is missing and must be where built images are pushed to, such as registry.example.com/team, unless gatewayImage and echoImage name prebuilt ones",
      );
      await read({ ...stackFile(stack), registry: "registry.example.com/team" });
    });
  }

  const mustBeRegistry =
    "and must be a registry's host and, in lower case, what repositories start with, such as registry.example.com/team or docker.io/you";
  const wrong: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ crds: "maybe" }, 'tcp-ingress:crds is "maybe" and must be install, overwrite or existing'],
    [{ sample: "perhaps" }, 'tcp-ingress:sample is "perhaps" and must be true or false'],
    [
      { namespace: "Default" },
      'tcp-ingress:namespace is "Default" and must be a name of lower-case letters, digits and dashes',
    ],
    [{ ingress: { replicas: 0 } }, "tcp-ingress:ingress.replicas is 0 and must be at least 1"],
    [{ ingress: { replicas: "two" } }, 'tcp-ingress:ingress.replicas is "two" and must be a number'],
    [
      { ingress: { loadBalancer: { preset: "ibm" } } },
      'tcp-ingress:ingress.loadBalancer.preset is "ibm" and must be aws, gcp, azure, metallb or none',
    ],
    [
      { ingress: { loadBalancer: { sourceRanges: ["10.0.0.0"] } } },
      'tcp-ingress:ingress.loadBalancer.sourceRanges[0] is "10.0.0.0" and must be a CIDR block such as 10.0.0.0/8',
    ],
    [
      { ingress: { replica: 3 } },
      'tcp-ingress:ingress has no "replica" (docs/configuration.md lists what it may have)',
    ],
    [
      { ingress: { ports: [15021] } },
      "tcp-ingress:ingress.ports[0] is 15021: Cannot open port 15021 as the gateway itself needs it (15021 health, 15020 metrics, 15000 admin). Choose another port",
    ],
    [{ platforms: ["amd64"] }, 'tcp-ingress:platforms[0] is "amd64" and must be platforms such as linux/amd64'],
    [
      { listeners: [{ port: 1, to: "pg" }] },
      'tcp-ingress:listeners[0].to is "pg" and must be one of destinations: tcp-echo',
    ],
    [
      { listeners: [{ port: 1, to: "tcp-echo", subset: "v3" }] },
      'tcp-ingress:listeners[0].subset names "v3" and must name a subset of tcp-echo: v1 or v2',
    ],
    [
      { listeners: [{ port: 1, to: "tcp-echo", weights: { v1: 0 } }] },
      "tcp-ingress:listeners[0].weights must have a weight above 0",
    ],
    [
      { listeners: [{ port: 1, to: "tcp-echo", subset: "v1", weights: { v2: 5 } }] },
      'tcp-ingress:listeners[0] is {"port":1,"to":"tcp-echo","subset":"v1","weights":{"v2":5}} and must be either subset or weights, not both',
    ],
    [
      {
        listeners: [
          { port: 1, to: "tcp-echo" },
          { port: 1, to: "tcp-echo" },
        ],
      },
      "tcp-ingress:listeners[1].port is 1, which listeners[0] has already",
    ],
    [
      { ingress: { accessLog: { format: "%DURATION%" } } },
      'tcp-ingress:ingress.accessLog is {"format":"%DURATION%"} and must be without format unless type is text',
    ],
    [
      { listeners: [] },
      "tcp-ingress:ingress.ports is empty and must hold the ports of Gateways that others apply, as there are no listeners",
    ],
    [
      {
        listeners: [
          { port: 31400, to: "tcp-echo", gateway: "one", maxConnections: 10 },
          { port: 31401, to: "tcp-echo", gateway: "one" },
        ],
      },
      "tcp-ingress:listeners[1].maxConnections must be the same for every listener of Gateway one, which the limit stands on. Give the listener a gateway of its own",
    ],
    [{ lisener: "x" }, "tcp-ingress:lisener is no key of this project (docs/configuration.md lists them)"],
    [
      { registryUsername: "ci" },
      "tcp-ingress:registryPassword is missing and must be set where the other of user and password is",
    ],
    [
      { gatewayImage: "", registry: "https://registry.example.com" },
      `tcp-ingress:registry is "https://registry.example.com" ${mustBeRegistry}`,
    ],
    [{ registry: "ghcr.io/YOU" }, `tcp-ingress:registry is "ghcr.io/YOU" ${mustBeRegistry}`],
    [{ registry: "you/images" }, `tcp-ingress:registry is "you/images" ${mustBeRegistry}`],
    [{ registry: "registry.example.com/" }, `tcp-ingress:registry is "registry.example.com/" ${mustBeRegistry}`],
    [
      { kubeconfig: "/nowhere/config" },
      'tcp-ingress:kubeconfig is "/nowhere/config" and must be a file that exists, or empty for the one that kubectl would use',
    ],
    [
      { registryUsername: "ci", registryPassword: "hunter2" },
      "tcp-ingress:registryPassword stands in plain text and must be a secret: pulumi config set --secret registryPassword",
    ],
  ];
  for (const [values, expected] of wrong) {
    test(`that is wrong is one clear message: ${expected.split(" ").slice(0, 4).join(" ")} …`, async () => {
      assert.equal(
        await complaint({ ...prebuilt, ...values }),
        `Cannot use the configuration of stack test: ${expected}`,
      );
    });
  }

  for (const registry of ["registry:5000", "localhost/a", "10.0.0.1:5000/a/b_c-d.e", "ghcr.io/you", "[fd00::1]:5000"]) {
    test(`may have registry ${registry}`, async () => {
      assert.equal((await read({ ...prebuilt, registry })).registry, registry);
    });
  }

  const inPlainText = "stands in plain text and must be a secret: pulumi config set --secret";
  test("takes a kubeconfig's content as a secret alone", async () => {
    const kubeconfig = "apiVersion: v1\nkind: Config\n";
    assert.equal(
      await complaint({ ...prebuilt, kubeconfig }),
      `Cannot use the configuration of stack test: tcp-ingress:kubeconfig ${inPlainText} kubeconfig`,
    );
    await Engine.start(undefined, { config: configWith({ ...prebuilt, kubeconfig }), secrets: ["kubeconfig"] });
    assert.equal(readConfig().kubeconfig, kubeconfig);
  });

  test("says of a secret no more than that it is wrong", async () => {
    const config = configWith({ ...prebuilt, kubeconfig: "bm8gcGF0aA==" });
    await Engine.start(undefined, { config, secrets: ["kubeconfig"] });
    assert.throws(() => readConfig(), {
      message:
        "Cannot use the configuration of stack test: tcp-ingress:kubeconfig is a secret and must be a file that exists, or empty for the one that kubectl would use",
    });
  });

  test("takes no secret that would stand in plain text in an object", async () => {
    await Engine.start(undefined, { config: configWith(prebuilt), secrets: ["ingress"] });
    assert.throws(() => readConfig(), {
      message:
        "Cannot use the configuration of stack test: tcp-ingress:ingress is a secret, and stands in plain text in what is made of it: pulumi config set it without --secret",
    });
  });

  test("keeps a collector's user and password out of the pods, and out of what it says", async () => {
    assert.equal(
      await complaint({ ...prebuilt, ingress: { tracing: { endpoint: "https://ci:hunter2@collector:4318" } } }),
      "Cannot use the configuration of stack test: tcp-ingress:ingress.tracing.endpoint holds a user or a password, which the pods would have in plain text. Send to a collector that asks for none",
    );
  });

  test("has a password that is a secret", async () => {
    const login = { registryUsername: "ci", registryPassword: "hunter2" };
    await Engine.start(undefined, { config: configWith({ ...prebuilt, ...login }), secrets: ["registryPassword"] });
    assert.equal(readConfig().registryPassword, "hunter2");
  });

  test("with several wrong values has a line for each", async () => {
    assert.equal(
      await complaint({ ...prebuilt, crds: "no", ingress: { engine: "warp" } }),
      [
        "Cannot use the configuration of stack test:",
        '- tcp-ingress:crds is "no" and must be install, overwrite or existing',
        '- tcp-ingress:ingress.engine is "warp" and must be auto, net or epoll',
      ].join("\n"),
    );
  });
});
