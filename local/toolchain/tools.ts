import { benchTools } from "./bench-tools.ts";
import { protocolTools } from "./protocol-tools.ts";

/** How a program tells its version, and which versions fit: at least `from`, and below `before` where a later major is known not to fit. */
export interface VersionRule {
  readonly args: readonly string[];
  /** What it exits with when it has told its version; 0 by default. */
  readonly exitCode?: number;
  readonly from: string;
  readonly before?: string;
}

/** A program from one of Debian's packages. It is unpacked into the cache, not installed: no service starts, nothing of the host changes. */
export interface DebianSource {
  readonly kind: "debian";
  readonly package: string;
}

/** Published archives or bare programs of the project itself. `files` gives, per program, what to fetch for this machine. */
export interface ReleaseSource {
  readonly kind: "release";
  readonly version: string;
  files(architecture: Architecture): readonly ReleaseFile[];
}

export interface ReleaseFile {
  readonly url: string;
  /** Where the SHA-256 of the file is published: a file of `HASH` or of `HASH  NAME` lines. */
  readonly checksums: string;
  /** Members to take from the archive, by their base names; a file that is no archive is the one program itself. */
  readonly programs: readonly string[];
}

/** Go code that this repository pins: a module below `modules/` that names others, or sources of our own. */
export interface GoSource {
  readonly kind: "go";
  /** Folder of the Go module, relative to `local/`. */
  readonly module: string;
  /** What to build, as `go build` takes it. */
  readonly target: string;
  readonly version: string;
  /** Linker flags that stamp the version, without `-s -w`. */
  readonly stamp?: string;
  /** Names that the built program answers to; the first is the file, others are links to it. Default: the tool's programs. */
  readonly links?: readonly string[];
}

/** A program inside a Python package's wheel. */
export interface PypiSource {
  readonly kind: "pypi";
  readonly package: string;
  readonly version: string;
  /** Where in the wheel the programs are. */
  readonly folder: string;
}

export type Source = DebianSource | ReleaseSource | GoSource | PypiSource;

export type Architecture = "amd64" | "arm64";

/** A tool: programs that come together. */
export interface Tool {
  /** The programs that people of the toolchain call; the first one tells the version. */
  readonly programs: readonly string[];
  /** Absent for programs of our own, which say none and of which no other could fit. */
  readonly version?: VersionRule;
  /** Folders to search before those of PATH. */
  readonly folders?: readonly string[];
  /** Not for people's PATH, as its programs have names that others have as well: it is used by its folder. */
  readonly private?: true;
  /** Where it comes from if it is not at hand, best first. */
  readonly sources: readonly Source[];
}

const kubernetesVersion = "1.34.1";
const etcdVersion = "3.6.4";
const corednsVersion = "1.12.4";

/** The newest Pulumi CLI whose Go module is to be had. */
export const pulumiVersion = "3.259.0";

const kubernetesPrograms = [
  "kubelet",
  "kubectl",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
];
const kubernetesRelease = `https://dl.k8s.io/release/v${kubernetesVersion}/bin/linux`;
const etcdRelease = `https://github.com/etcd-io/etcd/releases/download/v${etcdVersion}`;
const corednsRelease = `https://github.com/coredns/coredns/releases/download/v${corednsVersion}`;
const pulumiRelease = `https://github.com/pulumi/pulumi/releases/download/v${pulumiVersion}`;
const kubernetesStamp = "k8s.io/component-base/version";

const cniPlugins = ["bridge", "host-local", "loopback", "portmap", "firewall", "bandwidth", "tuning", "ptp", "static"];

/**
 * What the local cluster and the commands use. Versions of Kubernetes, CoreDNS and Pulumi are those that `modules/` pins: a test holds
 * them to each other.
 */
const clusterTools = {
  pulumi: {
    programs: ["pulumi"],
    version: { args: ["version"], from: pulumiVersion, before: "4" },
    sources: [
      {
        kind: "release",
        version: pulumiVersion,
        files: (architecture) => [
          {
            url: `${pulumiRelease}/pulumi-v${pulumiVersion}-linux-${architecture === "amd64" ? "x64" : architecture}.tar.gz`,
            checksums: `${pulumiRelease}/pulumi-${pulumiVersion}-checksums.txt`,
            programs: [
              "pulumi",
              "pulumi-language-nodejs",
              "pulumi-analyzer-policy",
              "pulumi-resource-pulumi-nodejs",
              "pulumi-watch",
            ],
          },
        ],
      },
      {
        kind: "go",
        module: "toolchain/modules/pulumi",
        target: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        version: pulumiVersion,
        stamp: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${pulumiVersion}`,
      },
    ],
  },
  kubernetes: {
    programs: [...kubernetesPrograms, "etcd"],
    version: { args: ["--version"], from: "1.34.0", before: "2" },
    sources: [
      {
        kind: "release",
        version: kubernetesVersion,
        files: (architecture) => [
          ...kubernetesPrograms.map((program) => ({
            url: `${kubernetesRelease}/${architecture}/${program}`,
            checksums: `${kubernetesRelease}/${architecture}/${program}.sha256`,
            programs: [program],
          })),
          {
            url: `${etcdRelease}/etcd-v${etcdVersion}-linux-${architecture}.tar.gz`,
            checksums: `${etcdRelease}/SHA256SUMS`,
            programs: ["etcd"],
          },
        ],
      },
      {
        kind: "go",
        module: "toolchain/modules/kubernetes",
        target: ".",
        version: kubernetesVersion,
        stamp: `-X ${kubernetesStamp}.gitVersion=v${kubernetesVersion} -X ${kubernetesStamp}.gitMajor=1 -X ${kubernetesStamp}.gitMinor=34`,
        links: ["kubernetes", ...kubernetesPrograms, "etcd"],
      },
    ],
  },
  coredns: {
    programs: ["coredns"],
    version: { args: ["-version"], from: "1.11.0", before: "2" },
    sources: [
      {
        kind: "release",
        version: corednsVersion,
        files: (architecture) => [
          {
            url: `${corednsRelease}/coredns_${corednsVersion}_linux_${architecture}.tgz`,
            checksums: `${corednsRelease}/coredns_${corednsVersion}_linux_${architecture}.tgz.sha256`,
            programs: ["coredns"],
          },
        ],
      },
      { kind: "go", module: "toolchain/modules/coredns", target: ".", version: corednsVersion },
    ],
  },
  "cluster-node": {
    programs: ["cluster-node"],
    sources: [{ kind: "go", module: "cluster/node", target: "./cmd/cluster-node", version: "0.1.0" }],
  },
  pause: {
    programs: ["pause"],
    sources: [{ kind: "go", module: "cluster/node", target: "./cmd/pause", version: "0.1.0" }],
  },
  containerd: {
    programs: ["containerd", "containerd-shim-runc-v2", "ctr"],
    version: { args: ["--version"], from: "1.6.0", before: "3" },
    sources: [{ kind: "debian", package: "containerd" }],
  },
  runc: {
    programs: ["runc"],
    version: { args: ["--version"], from: "1.1.0", before: "2" },
    sources: [{ kind: "debian", package: "runc" }],
  },
  "cni-plugins": {
    programs: cniPlugins,
    // Debian's say no version of their own but the protocol's, of which 0.1.0 is the first.
    version: { args: ["--version"], from: "0.1.0", before: "2" },
    private: true,
    folders: ["/usr/lib/cni", "/opt/cni/bin"],
    sources: [{ kind: "debian", package: "containernetworking-plugins" }],
  },
  iptables: {
    programs: ["iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore"],
    version: { args: ["--version"], from: "1.8.0", before: "2" },
    sources: [{ kind: "debian", package: "iptables" }],
  },
  iproute2: {
    programs: ["ip"],
    version: { args: ["-V"], from: "5.0.0" },
    sources: [{ kind: "debian", package: "iproute2" }],
  },
  docker: {
    programs: ["dockerd", "docker", "docker-init", "docker-proxy"],
    version: { args: ["--version"], from: "20.10.0" },
    sources: [{ kind: "debian", package: "docker.io" }],
  },
  "docker-registry": {
    programs: ["docker-registry"],
    version: { args: ["--version"], from: "2.7.0", before: "4" },
    sources: [{ kind: "debian", package: "docker-registry" }],
  },
} satisfies Record<string, Tool>;

const tools = { ...clusterTools, ...protocolTools, ...benchTools };

export type ToolName = keyof typeof tools;

/** Those that the local cluster and the commands use. */
export const clusterToolNames = Object.keys(clusterTools) as ToolName[];

/** Those that tests of protocols use. */
export const protocolToolNames = Object.keys(protocolTools) as ToolName[];

export const toolNames = Object.keys(tools) as ToolName[];

/** @throws Error for a name that is no tool's */
export function toolOf(name: ToolName): Tool {
  return tools[name];
}
