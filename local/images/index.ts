export { ensureNodeImage, type NodeImageOptions } from "./node-image.ts";
