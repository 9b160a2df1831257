import type { Policy } from "../kit/index.ts";

export const exposure: readonly Policy[] = [];
