import type { Plugin } from "esbuild";

/**
 * Has bundled code take `node:http` from Node without an ES module around it: to make that one Node reads every property, `WebSocket` among them, for which it loads its whole `undici`. That is
 * 35 ms and 10 MB of a program that serves and asks by HTTP/1 alone.
 */
export const nodeHttp: Plugin = {
  name: "node-http",
  setup(build) {
    build.onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === "import-statement" ? { path: "node:http", namespace: "node-http" } : undefined,
    );
    build.onLoad({ filter: /^/, namespace: "node-http" }, () => ({
      contents: 'module.exports = process.getBuiltinModule("node:http");',
    }));
  },
};
