import type { Tool } from "./tools.ts";

/** Debian's major versions of PostgreSQL, each of which has its programs in a folder of its own: 15 comes with Debian 12, 17 with Debian 13. */
const postgresqlFolders = ["18", "17", "16", "15"].map((version) => `/usr/lib/postgresql/${version}/bin`);

/** Servers and clients of the protocols that are tried through the gateway. */
export const protocolTools = {
  postgresql: {
    programs: ["initdb", "postgres", "psql", "pgbench"],
    version: { args: ["--version"], from: "13" },
    folders: postgresqlFolders,
    sources: [{ kind: "debian", package: "postgresql" }],
  },
  redis: {
    programs: ["redis-server", "redis-cli", "redis-benchmark"],
    version: { args: ["--version"], from: "6.0.0" },
    sources: [{ kind: "debian", package: "redis-server" }],
  },
  mosquitto: {
    programs: ["mosquitto"],
    version: { args: ["-h"], exitCode: 3, from: "2.0.0", before: "3" },
    sources: [{ kind: "debian", package: "mosquitto" }],
  },
  "mosquitto-clients": {
    programs: ["mosquitto_sub", "mosquitto_pub"],
    version: { args: ["--version"], exitCode: 1, from: "2.0.0", before: "3" },
    sources: [{ kind: "debian", package: "mosquitto-clients" }],
  },
  openssh: {
    programs: ["ssh", "sshd", "ssh-keygen", "scp"],
    version: { args: ["-V"], from: "8.7" },
    sources: [{ kind: "debian", package: "openssh-server" }],
  },
} satisfies Record<string, Tool>;
