import type { Policy } from "../kit/index.ts";
import { imageDigest } from "./image-digest.ts";
import { imageLatest } from "./image-latest.ts";
import { imageRegistry } from "./image-registry.ts";

export const images: readonly Policy[] = [imageDigest, imageRegistry, imageLatest];
