/** Where the engine, its plugins and the programs that they run find each other. */
const loopback = ["127.0.0.1", "localhost"];

/**
 * Has gRPC reach this machine itself without the proxy that `http_proxy` names, here and in every program that is started from here: grpc-js
 * makes no exception for loopback addresses by itself, as Go does. What `no_proxy` lists stays listed.
 */
export function keepProxiesOffLoopback(environment: NodeJS.ProcessEnv): void {
  const listed = (environment["no_grpc_proxy"] || environment["no_proxy"] || "")
    .split(",")
    .filter((host) => host !== "");
  environment["no_grpc_proxy"] = [...new Set([...listed, ...loopback])].join(",");
}
