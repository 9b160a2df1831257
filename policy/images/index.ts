import type { Policy } from "../kit/index.ts";

export const images: readonly Policy[] = [];
