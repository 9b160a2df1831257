export { whyNoAnswer } from "./answers.ts";
export { clusterTools } from "./description.ts";
export { down, type DownOptions } from "./down.ts";
export { ClusterError } from "./error.ts";
export type { ClusterInfo } from "./info.ts";
export { instances, type AddressPlan, type Instance } from "./plan.ts";
export { status } from "./status.ts";
export { up } from "./up.ts";
