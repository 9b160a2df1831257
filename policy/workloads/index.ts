import type { Policy } from "../kit/index.ts";

export const workloads: readonly Policy[] = [];
