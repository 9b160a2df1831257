import assert from "node:assert/strict";
import process from "node:process";
import { after, before, suite, test } from "node:test";
import { ApiException, CoreV1Api, KubeConfig, VersionApi, type V1Pod } from "@kubernetes/client-node";
import fc from "fast-check";
import { podSecurity } from "../../../policy/workloads/pod-security/index.ts";
import { messages, remediate } from "../../policy/support/judge.ts";
import { eventually } from "../support/eventually.ts";
import { changed, faultless, generatedPods, type Change, type GeneratedPod } from "../support/pod-security.ts";

/** How many valid pods are generated. */
const runs = Number(process.env["POD_SECURITY_RUNS"] ?? 300);
const seed = Number(process.env["POD_SECURITY_SEED"] ?? Date.now() % 2 ** 31);

/** What admission's messages call each check, and the profiles that it is of. */
const reasons: Readonly<Record<string, readonly [reason: string, ...profiles: ("baseline" | "restricted")[]]>> = {
  allowPrivilegeEscalation: ["allowPrivilegeEscalation != false", "restricted"],
  appArmorProfile: ["forbidden AppArmor profile", "baseline", "restricted"],
  capabilities_baseline: ["non-default capabilities", "baseline"],
  capabilities_restricted: ["unrestricted capabilities", "restricted"],
  hostNamespaces: ["host namespaces", "baseline", "restricted"],
  hostPathVolumes: ["hostPath volumes", "baseline"],
  hostPorts: ["hostPort", "baseline", "restricted"],
  hostProbesAndHostLifecycle: ["probe or lifecycle host", "baseline", "restricted"],
  privileged: ["privileged", "baseline", "restricted"],
  procMount: ["procMount", "baseline"],
  procMount_restricted: ["procMount", "restricted"],
  restrictedVolumes: ["restricted volume types", "restricted"],
  runAsNonRoot: ["runAsNonRoot != true", "restricted"],
  runAsUser: ["runAsUser=0", "restricted"],
  seLinuxOptions: ["seLinuxOptions", "baseline", "restricted"],
  seccompProfile_baseline: ["seccompProfile", "baseline"],
  seccompProfile_restricted: ["seccompProfile", "restricted"],
  sysctls: ["forbidden sysctls", "baseline", "restricted"],
  windowsHostProcess: ["hostProcess", "baseline", "restricted"],
};

/** What each check of `restricted` alone has against a pod; hostNetwork, which hostProcess needs, makes ports the node's. */
const violations: Readonly<Record<string, readonly Change[]>> = {
  allowPrivilegeEscalation: [[["spec", "containers", 0, "securityContext", "allowPrivilegeEscalation"], true]],
  appArmorProfile: [[["spec", "containers", 0, "securityContext", "appArmorProfile"], { type: "Unconfined" }]],
  capabilities_restricted: [[["spec", "containers", 1, "securityContext", "capabilities"], { drop: ["KILL"] }]],
  hostNamespaces: [[["spec", "hostPID"], true]],
  hostPorts: [[["spec", "containers", 0, "ports"], [{ containerPort: 80, hostPort: 80 }]]],
  hostProbesAndHostLifecycle: [[["spec", "containers", 0, "livenessProbe"], { tcpSocket: { port: 80, host: "a.b" } }]],
  procMount_restricted: [
    [["spec", "hostUsers"], false],
    [["spec", "containers", 0, "securityContext", "procMount"], "Unmasked"],
  ],
  restrictedVolumes: [[["spec", "volumes"], [{ name: "a", hostPath: { path: "/a" } }]]],
  runAsNonRoot: [[["spec", "initContainers", 0, "securityContext", "runAsNonRoot"], false]],
  runAsUser: [[["spec", "securityContext", "runAsUser"], 0]],
  seLinuxOptions: [[["spec", "securityContext", "seLinuxOptions"], { role: "system_r" }]],
  seccompProfile_restricted: [[["spec", "securityContext", "seccompProfile"], undefined]],
  sysctls: [[["spec", "securityContext", "sysctls"], [{ name: "kernel.msgmax", value: "1" }]]],
};

/** What can't be violated alone, as the API server refuses privileged containers without privilege escalation, and processes of a node that are not in its network. */
const violationsTogether: Readonly<Record<string, readonly Change[]>> = {
  "allowPrivilegeEscalation privileged": [
    [["spec", "containers", 0, "securityContext", "privileged"], true],
    [["spec", "containers", 0, "securityContext", "allowPrivilegeEscalation"], true],
  ],
  "hostNamespaces windowsHostProcess": [
    [["spec", "hostNetwork"], true],
    [["spec", "securityContext", "windowsOptions"], { hostProcess: true }],
  ],
};

/** What differs between versions of the standards, up to the API server's own. */
const versioned: Readonly<Record<string, Change>> = {
  ...Object.fromEntries(
    [
      "net.ipv4.ip_local_reserved_ports",
      "net.ipv4.tcp_keepalive_time",
      "net.ipv4.tcp_fin_timeout",
      "net.ipv4.tcp_keepalive_intvl",
      "net.ipv4.tcp_keepalive_probes",
      "net.ipv4.tcp_rmem",
      "net.ipv4.tcp_wmem",
      "net.ipv4.tcp_notsent_lowat",
    ].map((name): [string, Change] => [
      `sysctl ${name}`,
      [["spec", "securityContext", "sysctls"], [{ name, value: "1" }]],
    ]),
  ),
  "SELinux type container_engine_t": [["spec", "securityContext", "seLinuxOptions"], { type: "container_engine_t" }],
  "hosts of probes": [["spec", "containers", 0, "livenessProbe"], { httpGet: { port: 80, host: "a.b" } }],
  "root in a user namespace": [
    ["spec"],
    { ...faultless[0]?.spec, hostUsers: false, securityContext: { runAsUser: 0, runAsNonRoot: false } },
  ],
};

/** A namespace that holds its pods to a profile, as it is in a version. */
interface Standard {
  readonly namespace: string;
  readonly profile: "baseline" | "restricted";
  readonly version: string;
}

const restricted = standard("restricted", "latest");
const baseline = standard("baseline", "latest");
const older = Array.from({ length: 9 }, (_, index) => standard("restricted", `v1.${25 + index}`));
const oldest = older[0] ?? restricted;
const standards = [restricted, baseline, ...older];

function standard(profile: Standard["profile"], version: string): Standard {
  return { namespace: `pod-security-${profile}-${version.replace(".", "-")}`, profile, version };
}

suite("Pod Security", () => {
  const config = new KubeConfig();
  config.loadFromDefault();
  const api = config.makeApiClient(CoreV1Api);
  /** What `latest` means to this API server. */
  let current: string;

  before(async () => {
    const { major, minor } = await config.makeApiClient(VersionApi).getCode();
    current = `v${major}.${minor}`;
    await Promise.all(
      standards.map(async ({ namespace, profile, version }) => {
        const labels = {
          "pod-security.kubernetes.io/enforce": profile,
          "pod-security.kubernetes.io/enforce-version": version,
        };
        await api.createNamespace({ body: { metadata: { name: namespace, labels } } });
        // Without it the API server refuses every pod.
        await eventually(`the ServiceAccount of ${namespace}`, () =>
          api.readNamespacedServiceAccount({ namespace, name: "default" }),
        );
      }),
    );
  });

  after(async () => {
    await Promise.all(standards.map(({ namespace }) => api.deleteNamespace({ name: namespace })));
  });

  /** The reasons for which Pod Security admission refuses a pod; undefined where that is not asked, as the pod is invalid. */
  async function admission({ metadata, spec }: GeneratedPod, { namespace }: Standard): Promise<string[] | undefined> {
    try {
      const body = { metadata: { ...metadata, name: "generated" }, spec } as V1Pod;
      await api.createNamespacedPod({ namespace, body, dryRun: "All" });
      return [];
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      if (error.code === 422) return undefined;
      const { message } = JSON.parse(String(error.body)) as { readonly message: string };
      const [, listed] = /violates PodSecurity "[^"]+": (.*)$/.exec(message) ?? assert.fail(message);
      // Each reason is followed by its details in parentheses.
      return (listed ?? "")
        .replaceAll(/ \([^()]*\)/g, "")
        .replaceAll("profiles", "profile")
        .split(", ")
        .sort();
    }
  }

  /** The same by the policies. */
  async function verdict(props: GeneratedPod, { profile, version }: Standard): Promise<string[]> {
    const resource = { type: "kubernetes:core/v1:Pod", props };
    const found = podSecurity.map(async (policy) => {
      const [reason, ...profiles] = reasons[policy.name] ?? assert.fail(`no reason of ${policy.name}`);
      if (!profiles.includes(profile)) return [];
      const meant = { version: version === "latest" ? current : version };
      const own = policy.config.safeParse(meant).success ? meant : {};
      const said = await messages(policy, resource, { ...own, enforcementLevel: "mandatory" });
      return said.length > 0 ? [reason] : [];
    });
    return (await Promise.all(found)).flat().sort();
  }

  /** The pod with all that policies would remediate; the same one where that is nothing. */
  async function remediated(generated: GeneratedPod): Promise<GeneratedPod> {
    let props = generated;
    for (const policy of podSecurity.filter(({ remediation }) => remediation !== undefined)) {
      const changedProps = await remediate(policy, { type: "kubernetes:core/v1:Pod", props });
      props = (changedProps as GeneratedPod | undefined) ?? props;
    }
    return props;
  }

  const [pod = assert.fail("no pod without faults")] = faultless;

  test("pods without faults are admitted by both", async () => {
    for (const one of faultless) {
      assert.deepEqual([await admission(one, restricted), await verdict(one, restricted)], [[], []]);
    }
  });

  for (const [names, changes] of Object.entries({ ...violations, ...violationsTogether })) {
    test(`both name ${names}`, async () => {
      const wrong = changed(pod, changes);
      const expected = names.split(" ").map((name) => reasons[name]?.[0]);
      assert.deepEqual([await admission(wrong, restricted), await verdict(wrong, restricted)], [expected, expected]);
    });
  }

  test("a violation of each check of the restricted profile is tried", () => {
    const tried = new Set(Object.keys({ ...violations, ...violationsTogether }).flatMap((names) => names.split(" ")));
    const wanted = podSecurity.filter(({ level }) => level !== "disabled").map(({ name }) => name);
    assert.deepEqual([...tried].sort(), wanted.toSorted());
  });

  for (const [what, change] of Object.entries(versioned)) {
    test(`both have the same in each version against: ${what}`, async () => {
      const one = changed(pod, [change]);
      for (const meant of [...older, restricted]) {
        assert.deepEqual(await verdict(one, meant), await admission(one, meant), meant.namespace);
      }
    });
  }

  test("both have the same against generated pods", async (t) => {
    const asked = [restricted, baseline, oldest];
    let judged = 0;
    let refused = 0;
    t.diagnostic(`seed ${seed}`);
    await fc.assert(
      fc.asyncProperty(generatedPods, async (generated) => {
        const [first, ...others] = asked.map((meant) => () => admission(generated, meant));
        const answer = await first?.();
        fc.pre(answer !== undefined);
        const answers = [answer, ...(await Promise.all(others.map((ask) => ask())))];
        assert.deepEqual(await Promise.all(asked.map((meant) => verdict(generated, meant))), answers);
        judged += 1;
        if (answer?.length !== 0) refused += 1;
      }),
      { numRuns: runs, seed },
    );
    t.diagnostic(`${judged} valid pods, ${refused} of them refused in ${restricted.namespace}`);
    assert.ok(Math.min(refused, judged - refused) * 8 > judged, "nearly all pods have the same verdict");
  });

  test("remediation makes no valid pod invalid, and adds no violation", async (t) => {
    // The API server refuses `allowPrivilegeEscalation: false` beside these.
    const rare = [{ privileged: true }, { capabilities: { drop: ["ALL"], add: ["CAP_SYS_ADMIN"] } }].map(
      (value): [GeneratedPod] => [changed(pod, [[["spec", "containers", 0, "securityContext"], value]])],
    );
    let changes = 0;
    t.diagnostic(`seed ${seed}`);
    await fc.assert(
      fc.asyncProperty(generatedPods, async (generated) => {
        const remedied = await remediated(generated);
        fc.pre(remedied !== generated && (await admission(generated, baseline)) !== undefined);
        changes += 1;
        const [before, after] = [await admission(generated, restricted), await admission(remedied, restricted)];
        assert.ok(after, `${JSON.stringify(remedied)} is invalid`);
        assert.deepEqual(
          after.filter((reason) => !before?.includes(reason)),
          [],
        );
      }),
      { numRuns: Math.ceil(runs / 5), seed, examples: rare },
    );
    t.diagnostic(`${changes} pods remediated`);
  });
});
