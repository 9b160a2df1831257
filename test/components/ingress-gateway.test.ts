import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { afterEach, beforeEach, suite, test } from "node:test";
import {
  DestinationRule,
  Gateway,
  IngressGateway,
  VirtualService,
  type IngressGatewayArgs,
} from "../../components/index.ts";
import { noticeSeconds } from "../../components/ingress/load-balancer.ts";
import { Engine, valueOf, type Outputs } from "./support/engine.ts";

const type = {
  account: "kubernetes:core/v1:ServiceAccount",
  service: "kubernetes:core/v1:Service",
  deployment: "kubernetes:apps/v1:Deployment",
  budget: "kubernetes:policy/v1:PodDisruptionBudget",
  role: "kubernetes:rbac.authorization.k8s.io/v1:Role",
  roleBinding: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  clusterRole: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  clusterRoleBinding: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
  networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
};

interface Deployment {
  readonly replicas: number;
  readonly selector: { readonly matchLabels: Record<string, string> };
  readonly template: {
    readonly metadata: { readonly labels: Record<string, string> };
    readonly spec: Record<string, unknown>;
  };
}

interface Container {
  readonly image: string;
  readonly env: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
  }[];
  readonly [field: string]: unknown;
}

const address: Outputs = (kind) =>
  kind === type.service ? { status: { loadBalancer: { ingress: [{ hostname: "lb.example.com" }] } } } : {};

suite("IngressGateway", () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await Engine.start(address);
  });
  afterEach(async () => {
    await engine.resources();
  });

  const deploymentOf = async (name = "ingressgateway") =>
    (await engine.resource(type.deployment, name)).inputs["spec"] as Deployment;
  const containerOf = async (name?: string) => (await deploymentOf(name)).template.spec["containers"] as [Container];
  const serviceOf = async (name = "ingressgateway") => (await engine.resource(type.service, name)).inputs;
  const make = (args: Partial<IngressGatewayArgs> = {}) =>
    new IngressGateway("ingressgateway", { image: "gateway@sha256:1", ports: [31400], ...args });

  test("makes the gateway's objects below itself, each by its own name", async () => {
    make();
    assert.deepEqual(
      (await engine.tree()).sort(),
      [
        `ingressgateway > ${type.deployment} ingressgateway`,
        `ingressgateway > ${type.budget} ingressgateway`,
        `ingressgateway > ${type.networkPolicy} ingressgateway`,
        `ingressgateway > ${type.clusterRole} ingressgateway`,
        `ingressgateway > ${type.clusterRoleBinding} ingressgateway`,
        `ingressgateway > ${type.role} ingressgateway-secrets-in-default`,
        `ingressgateway > ${type.role} ingressgateway-status-in-default`,
        `ingressgateway > ${type.roleBinding} ingressgateway-secrets-in-default`,
        `ingressgateway > ${type.roleBinding} ingressgateway-status-in-default`,
        `ingressgateway > ${type.account} ingressgateway`,
        `ingressgateway > ${type.service} ingressgateway`,
        "tcp-ingress:index:IngressGateway ingressgateway",
      ].sort(),
    );
    const { metadata } = (await engine.resource(type.clusterRole, "ingressgateway")).inputs;
    assert.equal((metadata as { name: string }).name, "default-ingressgateway");
  });

  test("derives the ports of the load balancer from its Gateways and the config, each named by its number", async () => {
    const gateways = [new Gateway("a", { tcp: { x: 31401, y: 31400 } }), new Gateway("b", { tcp: 443 })];
    make({ gateways, ports: [31402, 31400] });
    const { spec } = (await serviceOf()) as { spec: Record<string, unknown> };
    assert.deepEqual(spec["ports"], [
      { name: "tcp-443", protocol: "TCP", port: 443, targetPort: 20443 },
      { name: "tcp-31400", protocol: "TCP", port: 31400, targetPort: 31400 },
      { name: "tcp-31401", protocol: "TCP", port: 31401, targetPort: 31401 },
      { name: "tcp-31402", protocol: "TCP", port: 31402, targetPort: 31402 },
    ]);
    assert.equal(spec["type"], "LoadBalancer");
    assert.equal(spec["externalTrafficPolicy"], "Local");
  });

  test("runs the pods without any privilege, on a read-only root", async () => {
    make();
    const { template } = await deploymentOf();
    assert.deepEqual(template.spec["securityContext"], {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    });
    const [container] = await containerOf();
    assert.deepEqual(container["securityContext"], {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    });
    assert.deepEqual(template.spec["volumes"], [{ name: "snapshot", emptyDir: { sizeLimit: "64Mi" } }]);
    assert.deepEqual(container["volumeMounts"], [{ name: "snapshot", mountPath: "/var/lib/gateway" }]);
  });

  test("probes the readiness port alone", async () => {
    make();
    const [container] = await containerOf();
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      const { httpGet } = container[probe] as { httpGet: { port: number; path: string } };
      assert.equal(httpGet.port, 15021);
      assert.match(httpGet.path, /^\/healthz\/(ready|serving|live)$/);
    }
  });

  test("tells the container who it is, what to watch and how to drain", async () => {
    make({
      drain: { graceSeconds: 10, seconds: 300 },
      logLevel: "debug",
      accessLog: { type: "text", format: "%DURATION%", start: true },
      tracing: { endpoint: "http://collector:4318" },
      endpointMetrics: false,
    });
    const { template } = await deploymentOf();
    const [container] = await containerOf();
    const env = Object.fromEntries(
      container.env.map(({ name, value, valueFrom }) => [name, value ?? valueFrom?.fieldRef.fieldPath]),
    );
    const { GATEWAY_LABELS: labels, ...others } = env;
    assert.deepEqual(JSON.parse(labels ?? ""), template.metadata.labels);
    assert.deepEqual(others, {
      POD_NAME: "metadata.name",
      POD_NAMESPACE: "metadata.namespace",
      POD_IP: "status.podIP",
      NODE_NAME: "spec.nodeName",
      GATEWAY_SERVICE: "ingressgateway",
      GATEWAY_ENGINE: "auto",
      WATCH_NAMESPACES: "",
      CLAIMS: "[]",
      COEXIST: "none",
      LOG_LEVEL: "debug",
      ACCESS_LOG: "text",
      ACCESS_LOG_FORMAT: "%DURATION%",
      ACCESS_LOG_START: "true",
      METRICS_ENDPOINTS: "false",
      OTEL_TRACES_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
      OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0.01",
      DRAIN_GRACE_SECONDS: "10",
      DRAIN_SECONDS: "300",
      KEEPALIVE_SECONDS: "0",
      SNAPSHOT_DIR: "/var/lib/gateway",
      NODE_COMPILE_CACHE: "/var/lib/gateway/compile-cache",
    });
    assert.equal(template.spec["terminationGracePeriodSeconds"], 315);
  });

  test("carries the labels that Gateways select, and keeps a real Istio's sidecar out", async () => {
    make();
    const { template, selector } = await deploymentOf();
    assert.deepEqual(template.metadata.labels, {
      "app.kubernetes.io/name": "tcp-ingress",
      "app.kubernetes.io/instance": "ingressgateway",
      istio: "ingressgateway",
      "sidecar.istio.io/inject": "false",
    });
    assert.deepEqual(selector.matchLabels, {
      "app.kubernetes.io/name": "tcp-ingress",
      "app.kubernetes.io/instance": "ingressgateway",
    });
  });

  test("with namespaces to watch has a Role in each, its own and its Gateways' among them, and none in the cluster", async () => {
    const gateway = new Gateway("pg", { namespace: "infra", tcp: 5432 });
    make({ namespace: "edge", watchNamespaces: ["payments"], gateways: [gateway] });
    const resources = await engine.resources();
    const named = (kind: string) =>
      resources
        .filter((resource) => resource.type === kind)
        .map(({ inputs }) => inputs["metadata"] as { name: string; namespace: string });
    assert.deepEqual(
      named(type.role)
        .map(({ name, namespace }) => `${namespace}/${name}`)
        .sort(),
      [
        "edge/ingressgateway",
        "edge/ingressgateway-secrets",
        "edge/ingressgateway-status",
        "infra/ingressgateway",
        "payments/ingressgateway",
      ],
    );
    assert.deepEqual(named(type.roleBinding).length, 5);
    assert.deepEqual(named(type.clusterRole), []);
    const [container] = await containerOf();
    assert.equal(container.env.find(({ name }) => name === "WATCH_NAMESPACES")?.value, "edge,infra,payments");
  });

  interface Rule {
    readonly resources: string[];
    readonly verbs: string[];
    readonly resourceNames?: string[];
  }

  const rulesOf = async (kind: string): Promise<Rule[]> =>
    (await engine.resources()).flatMap((resource) =>
      resource.type === kind ? ((resource.inputs["rules"] ?? []) as Rule[]) : [],
    );

  test("may write the status of routing objects and one Lease of its own, and read Secrets of its own namespace alone", async () => {
    make({ namespace: "edge" });
    const writes = (rules: readonly Rule[]) =>
      rules.filter(({ verbs }) => verbs.some((verb) => !["get", "list", "watch"].includes(verb)));
    assert.deepEqual(
      writes(await rulesOf(type.clusterRole)).flatMap(({ resources, verbs }) => {
        assert.deepEqual(verbs, ["update"]);
        return resources;
      }),
      [
        "gateways/status",
        "virtualservices/status",
        "destinationrules/status",
        "serviceentries/status",
        "gateways/status",
        "tcproutes/status",
        "tlsroutes/status",
        "gatewayclasses/status",
      ],
    );
    const roles = (await engine.resources())
      .filter((resource) => resource.type === type.role)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    assert.deepEqual(
      roles
        .map(({ inputs }) => inputs["metadata"] as { name: string; namespace: string })
        .map(({ name, namespace }) => `${namespace}/${name}`),
      ["edge/ingressgateway-secrets", "edge/ingressgateway-status"],
    );
    assert.deepEqual(
      roles.flatMap(({ inputs }) => inputs["rules"]),
      [
        { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] },
        { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
        {
          apiGroups: ["coordination.k8s.io"],
          resources: ["leases"],
          resourceNames: ["ingressgateway-status"],
          verbs: ["get", "update"],
        },
      ],
    );
  });

  test("tells its pods of claims and of a real Istio", async () => {
    const claims = [{ ports: [5432, "31400-31499"], gatewaysFrom: ["infra"] }];
    make({ claims, coexist: "separate" });
    const [{ env }] = await containerOf();
    const valueOfVariable = (name: string) => env.find((variable) => variable.name === name)?.value;
    assert.deepEqual(JSON.parse(valueOfVariable("CLAIMS") ?? ""), claims);
    assert.equal(valueOfVariable("COEXIST"), "separate");
  });

  test("may read what routes and endpoints are made of", async () => {
    make();
    const rules = (await rulesOf(type.clusterRole)).filter(({ verbs }) => !verbs.includes("update"));
    assert.deepEqual(new Set(rules.flatMap(({ verbs }) => verbs)), new Set(["get", "list", "watch"]));
    assert.deepEqual(rules.flatMap(({ resources }) => resources).sort(), [
      "destinationrules",
      "endpointslices",
      "gatewayclasses",
      "gateways",
      "gateways",
      "namespaces",
      "nodes",
      "pods",
      "referencegrants",
      "serviceentries",
      "services",
      "tcproutes",
      "tlsroutes",
      "virtualservices",
      "workloadentries",
    ]);
  });

  test("has the labels of its application on each of its objects", async () => {
    make({ gatewayClass: "tcp", watchNamespaces: ["payments"] });
    const objects = (await engine.resources()).filter(({ type: kind }) => kind.startsWith("kubernetes:"));
    assert.ok(objects.length > 10);
    for (const { type: kind, name, inputs } of objects) {
      const { labels } = inputs["metadata"] as { labels?: Record<string, string> };
      assert.equal(labels?.["app.kubernetes.io/name"], "tcp-ingress", `${kind} ${name}`);
      assert.equal(labels["app.kubernetes.io/instance"], "ingressgateway", `${kind} ${name}`);
    }
  });

  const networkPolicyOf = async () =>
    (await engine.resource(type.networkPolicy, "ingressgateway")).inputs["spec"] as Record<string, unknown>;
  const tcp = (port: number) => ({ protocol: "TCP", port });

  test("lets its pods be reached on the ports of its Gateways, for health and for metrics, and reach anything", async () => {
    make({ gateways: [new Gateway("a", { tcp: { x: 443, y: 31400 } })], ports: [31402] });
    assert.deepEqual(await networkPolicyOf(), {
      podSelector: {
        matchLabels: { "app.kubernetes.io/name": "tcp-ingress", "app.kubernetes.io/instance": "ingressgateway" },
      },
      policyTypes: ["Ingress"],
      ingress: [{ ports: [tcp(20443), tcp(31400), tcp(31402)] }, { ports: [tcp(15021)] }, { ports: [tcp(15020)] }],
    });
  });

  test("keeps metrics to namespaces, and its own connections to addresses, where it is told to", async () => {
    make({ networkPolicy: { metricsFrom: ["monitoring"], egressTo: ["10.0.0.0/8", "fd00::/8"] } });
    const { ingress, egress, policyTypes } = await networkPolicyOf();
    assert.deepEqual(policyTypes, ["Ingress", "Egress"]);
    assert.deepEqual((ingress as unknown[])[2], {
      ports: [tcp(15020)],
      from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
    });
    assert.deepEqual(egress, [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }, { ipBlock: { cidr: "fd00::/8" } }] }]);
  });

  test("makes no NetworkPolicy where it is told so", async () => {
    make({ networkPolicy: { enabled: false } });
    assert.deepEqual(
      (await engine.resources()).filter(({ type: kind }) => kind === type.networkPolicy),
      [],
    );
  });

  test("refuses to delete its load balancer, and nothing else, where it is told so", async () => {
    make({ loadBalancer: { protect: true } });
    const protectedOnes = (await engine.resources()).filter(({ protect }) => protect);
    assert.deepEqual(
      protectedOnes.map((resource) => resource.type),
      [type.service],
    );
  });

  test("serves the Gateways of a GatewayClass that it makes, and of none by default", async () => {
    const definition = "kubernetes:gateway.networking.k8s.io/v1:GatewayClass";
    make({ gatewayClass: "tcp" });
    const { inputs } = await engine.resource(definition, "tcp");
    assert.deepEqual((inputs["metadata"] as { name: string }).name, "tcp");
    assert.equal((inputs["spec"] as { controllerName: string }).controllerName, "tcp-ingress.dev/gateway-controller");
    const { template, selector } = await deploymentOf();
    assert.equal(template.metadata.labels["tcp-ingress.dev/gateway-class"], "tcp");
    assert.ok(!("tcp-ingress.dev/gateway-class" in selector.matchLabels));
  });

  test("makes no GatewayClass unless it is told", async () => {
    make();
    assert.ok(!("tcp-ingress.dev/gateway-class" in (await deploymentOf()).template.metadata.labels));
    assert.deepEqual(
      (await engine.resources()).filter(({ type: kind }) => kind.includes("GatewayClass")),
      [],
    );
  });

  test("spreads its pods, keeps to the image's platforms, and lets one pod go at a time", async () => {
    make({
      image: { reference: "gateway", platforms: ["linux/amd64", "linux/arm64"] },
      replicas: 3,
      imagePullSecrets: ["registry"],
    });
    const { template, replicas } = await deploymentOf();
    assert.equal(replicas, 3);
    assert.deepEqual(template.spec["imagePullSecrets"], [{ name: "registry" }]);
    assert.deepEqual(
      (template.spec["topologySpreadConstraints"] as { topologyKey: string }[]).map(({ topologyKey }) => topologyKey),
      ["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
    );
    const affinity = template.spec["affinity"] as {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: unknown } };
    };
    assert.deepEqual(
      affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms,
      ["amd64", "arm64"].map((arch) => ({
        matchExpressions: [
          { key: "kubernetes.io/os", operator: "In", values: ["linux"] },
          { key: "kubernetes.io/arch", operator: "In", values: [arch] },
        ],
      })),
    );
    const { spec } = (await engine.resource(type.budget, "ingressgateway")).inputs as {
      spec: { maxUnavailable: number };
    };
    assert.equal(spec.maxUnavailable, 1);
  });

  test("probes silent connections, and drains for longer, as the load balancer of its cloud needs", async () => {
    make({ loadBalancer: { preset: "azure" } });
    const [{ env }] = await containerOf();
    const valueOfVariable = (name: string) => env.find((variable) => variable.name === name)?.value;
    assert.equal(valueOfVariable("KEEPALIVE_SECONDS"), "150");
    assert.equal(valueOfVariable("DRAIN_GRACE_SECONDS"), "20");
  });

  for (const preset of ["aws", "gcp", "azure", "metallb", "none"] as const) {
    test(`${preset}: the grace outlasts who probes, and the pod has the time that its drain takes`, async () => {
      make({ loadBalancer: { preset }, drain: { seconds: 300 } });
      const { template } = await deploymentOf();
      const [{ env, readinessProbe }] = await containerOf();
      const seconds = (name: string) => Number(env.find((variable) => variable.name === name)?.value);
      const grace = seconds("DRAIN_GRACE_SECONDS");
      const { periodSeconds, failureThreshold } = readinessProbe as Record<
        "periodSeconds" | "failureThreshold",
        number
      >;
      // A refusal is an answer at once. Another period is for the API server and kube-proxy to hear of it.
      assert.ok(grace > periodSeconds * (failureThreshold + 1), "kubelet takes longer");
      assert.ok(grace >= noticeSeconds({ preset }), "the load balancer takes longer");
      const given = template.spec["terminationGracePeriodSeconds"] as number;
      assert.ok(given >= grace + seconds("DRAIN_SECONDS") + 5, `${given} s`);
    });
  }

  test("a pod goes only after its successor serves, and serves for as long as kubelet is to count it as serving", async () => {
    make();
    const deployment = (await engine.resource(type.deployment, "ingressgateway")).inputs["spec"] as {
      strategy: unknown;
    };
    assert.deepEqual(deployment.strategy, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
    const [{ readinessProbe }] = await containerOf();
    assert.equal((readinessProbe as { httpGet: { path: string } }).httpGet.path, "/healthz/serving");
  });

  test("has as many workers as it is told, else as many as the container finds good", async () => {
    make({ workers: 3 });
    const [{ env }] = await containerOf();
    assert.equal(env.find(({ name }) => name === "GATEWAY_WORKERS")?.value, "3");
  });

  test("says where each subset is reached, by address or DNS name", async () => {
    const gateway = new Gateway("tcp-echo-gateway", { tcp: 31400 });
    const rule = new DestinationRule("tcp-echo", {
      host: "tcp-echo",
      port: 3333,
      subsets: { v1: { version: "v1" }, v2: { version: "v2" } },
    });
    new VirtualService("tcp-echo", { tcp: [gateway.tcp.to(rule.split({ v1: 95, v2: 5 }))] });
    const { endpoints } = make({ gateways: [gateway], ports: [31500] });
    assert.deepEqual(await valueOf(endpoints), [
      { host: "lb.example.com", port: 31400, subsets: ["v1", "v2"] },
      { host: "lb.example.com", port: 31500, subsets: [] },
    ]);
  });

  test("is reached at every address that the load balancer has", async () => {
    const ingress = [{ ip: "192.0.2.1" }, { ip: "2001:db8::1" }];
    engine = await Engine.start((kind) => (kind === type.service ? { status: { loadBalancer: { ingress } } } : {}));
    const { endpoints } = make({ ipFamilyPolicy: "RequireDualStack" });
    assert.deepEqual(
      await valueOf(endpoints),
      ingress.map(({ ip }) => ({ host: ip, port: 31400, subsets: [] })),
    );
  });

  test("lives beside another one with a selector of its own", async () => {
    const inner = new Gateway("inner", { tcp: 31400, selector: { istio: "inner" } });
    const outer = new Gateway("outer", { tcp: 31400 });
    const rule = new DestinationRule("tcp-echo", {
      host: "tcp-echo",
      port: 3333,
      subsets: { v1: { version: "v1" }, v2: { version: "v2" } },
    });
    new VirtualService("tcp-echo", { tcp: [inner.tcp.to(rule.subset("v1")), outer.tcp.to(rule.subset("v2"))] });
    const one = new IngressGateway("inner", { image: "gateway", gateways: [inner], selector: { istio: "inner" } });
    const two = make({ gateways: [outer] });
    assert.deepEqual(
      await valueOf(
        pulumi.all([one.endpoints, two.endpoints]).apply((all) => all.flat().map(({ subsets }) => subsets)),
      ),
      [["v1"], ["v2"]],
    );
    assert.notDeepEqual((await deploymentOf("inner")).selector, (await deploymentOf()).selector);
  });
});
