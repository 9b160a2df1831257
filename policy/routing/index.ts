import type { Policy } from "../kit/index.ts";

export const routing: readonly Policy[] = [];
