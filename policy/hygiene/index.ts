import type { Policy } from "../kit/index.ts";

export const hygiene: readonly Policy[] = [];
