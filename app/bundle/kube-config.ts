import type { Plugin } from "esbuild";

/** What `KubeConfig` imports for clients of the API's own classes, all of which would come with it. */
const modules = /^(undici|\.\/gen\/index\.js)$/;

const refusal = `
function refuse() {
  throw new Error("The API's classes are not part of this bundle: ask the API server by node:http or node:https");
}
export { refuse as Agent, refuse as ProxyAgent, refuse as ServerConfiguration, refuse as createConfiguration };
`;

/**
 * Takes of `@kubernetes/client-node` what `KubeConfig` needs to read a kubeconfig and to sign requests, which is all that the gateway uses of it: 1.1 MB less to read in, most of which is `undici`.
 */
export const kubeConfig: Plugin = {
  name: "kube-config",
  setup(build) {
    build.onResolve({ filter: modules }, ({ path, importer }) =>
      /[/\\]@kubernetes[/\\]client-node[/\\]dist[/\\]config\.js$/.test(importer)
        ? { path, namespace: "kube-config" }
        : undefined,
    );
    build.onLoad({ filter: /^/, namespace: "kube-config" }, () => ({ contents: refusal }));
  },
};
