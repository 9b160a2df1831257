import type { Plugin } from "esbuild";

/** In place of the `undici` package: only the client's API classes, which the gateway has none of, would use it. */
const refusal = `
class Refused {
  constructor() {
    throw new Error("undici is not part of this bundle: ask the API server by node:http or node:https");
  }
}
export { Refused as Agent, Refused as ProxyAgent };
export const fetch = () => new Refused();
`;

/** Marks what this plugin asks esbuild itself. */
const asked = Symbol("asked");

/**
 * Keeps of `@kubernetes/client-node` what `KubeConfig` needs, which is all that the gateway uses of it: its package does not say that its modules have no side effects, so that every class of the
 * API would be loaded, and `undici` with them (1.1 MB).
 */
export const kubeConfig: Plugin = {
  name: "kube-config",
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, () => ({ path: "undici", namespace: "kube-config", sideEffects: false }));
    build.onLoad({ filter: /^/, namespace: "kube-config" }, () => ({ contents: refusal }));
    build.onResolve({ filter: /^/ }, async ({ path, pluginData, ...from }) => {
      const concerned = /[/\\]@kubernetes[/\\]client-node[/\\]/.test(`${from.resolveDir}/${path}`);
      if (!concerned || pluginData === asked) return undefined;
      const resolved = await build.resolve(path, { ...from, pluginData: asked });
      return { ...resolved, sideEffects: false };
    });
  },
};
