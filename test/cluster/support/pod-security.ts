import fc from "fast-check";

/** A pod's metadata and spec, as far as Pod Security looks at them. */
export interface GeneratedPod {
  readonly metadata: object;
  readonly spec: object;
}

const image = "registry.invalid/none";
const containerNames = ["first", "second", "third"];

const noPrivileges = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const noRoot = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };

/** Pods that `restricted` has nothing against: what may be said for the pod is said there, or for each container, or the pod is Windows'. */
export const faultless: readonly GeneratedPod[] = [
  podOf({ ...withContainers(noPrivileges), securityContext: noRoot }),
  podOf(withContainers({ ...noPrivileges, ...noRoot })),
  podOf({ ...withContainers({}), os: { name: "windows" }, securityContext: { runAsNonRoot: true } }),
];

/** A change of a pod: the value that a path gets, undefined to take it away. */
export type Change = readonly [path: readonly (string | number)[], value: unknown];

/** The pod with some changes made to it. */
export function changed(pod: GeneratedPod, changes: readonly Change[]): GeneratedPod {
  const copy = structuredClone(pod);
  for (const [path, value] of changes) setAt(copy, path, value);
  return copy;
}

const ofPod: Readonly<Record<string, readonly unknown[]>> = {
  hostNetwork: [true, false],
  hostPID: [true, false],
  hostIPC: [true, false],
  hostUsers: [true, false],
  os: [{ name: "linux" }, { name: "windows" }],
};

const ofSecurityContexts: Readonly<Record<string, readonly unknown[]>> = {
  runAsNonRoot: [true, false, undefined],
  runAsUser: [0, 1000, undefined],
  seccompProfile: [
    { type: "RuntimeDefault" },
    { type: "Localhost", localhostProfile: "a.json" },
    { type: "Unconfined" },
    undefined,
  ],
  appArmorProfile: [{ type: "RuntimeDefault" }, { type: "Localhost", localhostProfile: "a" }, { type: "Unconfined" }],
  seLinuxOptions: [
    {},
    { type: "container_t", level: "s0:c1,c2" },
    { type: "container_engine_t" },
    { type: "spc_t" },
    { user: "system_u" },
    { role: "system_r" },
  ],
  windowsOptions: [{ hostProcess: false }, { runAsUserName: "user" }],
};

const ofContainerSecurityContexts: Readonly<Record<string, readonly unknown[]>> = {
  allowPrivilegeEscalation: [true, false, undefined],
  privileged: [true, false],
  procMount: ["Default", "Unmasked"],
  capabilities: [
    undefined,
    {},
    { drop: [] },
    { drop: ["all"] },
    { drop: ["KILL", "ALL"] },
    { drop: ["ALL"], add: [] },
    { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
    { drop: ["ALL"], add: ["NET_BIND_SERVICE", "CHOWN"] },
    { drop: ["ALL"], add: ["NET_RAW"] },
    { add: ["NET_BIND_SERVICE"] },
    { add: ["SYS_ADMIN"] },
    { add: ["CAP_SYS_ADMIN"] },
  ],
};

const hosts = ["", "10.0.0.1"];
const ofContainers: Readonly<Record<string, readonly unknown[]>> = {
  securityContext: [undefined, {}],
  ports: [[], [{ containerPort: 80 }], [{ containerPort: 80, hostPort: 80 }]],
  livenessProbe: hosts.map((host) => ({ httpGet: { port: 80, host } })),
  readinessProbe: hosts.map((host) => ({ tcpSocket: { port: 80, host } })),
  startupProbe: hosts.map((host) => ({ httpGet: { port: 80, host } })),
  lifecycle: hosts.flatMap((host) => [
    { postStart: { httpGet: { port: 80, host } } },
    { preStop: { httpGet: { port: 80, host } } },
  ]),
};

const sysctls = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_notsent_lowat",
  "kernel.msgmax",
];

/** A valid source of each kind but `image`, which takes a feature gate. */
const volumeSources: Readonly<Record<string, unknown>> = {
  configMap: { name: "a" },
  csi: { driver: "csi.example.com" },
  downwardAPI: { items: [] },
  emptyDir: {},
  ephemeral: {
    volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
  },
  persistentVolumeClaim: { claimName: "a" },
  projected: { sources: [] },
  secret: { secretName: "a" },
  awsElasticBlockStore: { volumeID: "a" },
  azureDisk: { diskName: "a", diskURI: "a" },
  azureFile: { secretName: "a", shareName: "a" },
  cephfs: { monitors: ["a"] },
  cinder: { volumeID: "a" },
  fc: { targetWWNs: ["a"], lun: 0 },
  flexVolume: { driver: "a/b" },
  flocker: { datasetName: "a" },
  gcePersistentDisk: { pdName: "a" },
  gitRepo: { repository: "a" },
  glusterfs: { endpoints: "a", path: "a" },
  hostPath: { path: "/a" },
  iscsi: { targetPortal: "a", iqn: "iqn.2001-04.com.example:a", lun: 0 },
  nfs: { server: "a", path: "/a" },
  photonPersistentDisk: { pdID: "a" },
  portworxVolume: { volumeID: "a" },
  quobyte: { registry: "a:1", volume: "a" },
  rbd: { monitors: ["a"], image: "a" },
  scaleIO: { gateway: "a", system: "a", secretRef: { name: "a" }, volumeName: "a" },
  storageos: { volumeName: "a" },
  vsphereVolume: { volumePath: "a" },
};

const volumes: readonly Change[] = [
  [["spec", "volumes"], [{ name: "without-source" }]],
  ...Object.entries(volumeSources).map(([kind, source]): Change => [
    ["spec", "volumes"],
    [
      { name: "good", emptyDir: {} },
      { name: "one", [kind]: source },
    ],
  ]),
];

const annotations: readonly Change[] = containerNames.flatMap((name) =>
  ["runtime/default", "localhost/a", "unconfined"].map((value): Change => [
    ["metadata", "annotations", `container.apparmor.security.beta.kubernetes.io/${name}`],
    value,
  ]),
);

const containers = [
  ["initContainers", 0],
  ["containers", 0],
  ["containers", 1],
] as const;

/** Changes by what they are about, each as probable as the others. */
const changes: readonly (readonly Change[])[] = [
  ...all(["spec"], ofPod),
  ...all(["spec", "securityContext"], ofSecurityContexts),
  sysctls.map((name): Change => [["spec", "securityContext", "sysctls"], [{ name, value: "1" }]]),
  volumes,
  annotations,
  [
    [["spec", "securityContext", "windowsOptions"], { hostProcess: true, runAsUserName: "NT AUTHORITY\\SYSTEM" }],
    [["spec", "initContainers", 0, "restartPolicy"], "Always"],
    [["spec", "securityContext"], undefined],
    [["metadata", "annotations", "seccomp.security.alpha.kubernetes.io/pod"], "unconfined"],
  ],
  ...containers.flatMap((container) => [
    ...all(["spec", ...container], ofContainers),
    ...all(["spec", ...container, "securityContext"], { ...ofSecurityContexts, ...ofContainerSecurityContexts }),
  ]),
];

/** Pods with up to four changes, not all of which the API server takes for valid. */
export const generatedPods: fc.Arbitrary<GeneratedPod> = fc
  .tuple(
    fc.constantFrom(...faultless),
    fc.array(fc.oneof(...changes.map((choices) => fc.constantFrom(...choices))), { maxLength: 4 }),
  )
  .map(([pod, some]) => changed(pod, some));

function all(at: readonly (string | number)[], values: Readonly<Record<string, readonly unknown[]>>): Change[][] {
  return Object.entries(values).map(([field, choices]) => choices.map((value): Change => [[...at, field], value]));
}

function podOf(spec: object): GeneratedPod {
  return { metadata: {}, spec };
}

function withContainers(securityContext: object): object {
  const [init, ...others] = containerNames.map((name) => ({ name, image, securityContext }));
  return { initContainers: [init], containers: others };
}

function setAt(root: object, path: readonly (string | number)[], value: unknown): void {
  let current = root as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) current = (current[step] ??= {}) as Record<string | number, unknown>;
  current[path.at(-1) ?? ""] = value;
}
