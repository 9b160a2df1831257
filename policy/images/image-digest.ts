import { resourcePolicy, shown } from "../kit/index.ts";
import { images } from "./images.ts";
import { parseImageReference } from "./reference.ts";

export const imageDigest = resourcePolicy({
  name: "image-digest",
  description:
    "Images are pinned by digest, so that what runs is what was tested and nobody can put another under the same tag",
  severity: "high",
  level: "mandatory",
  over: images,
  check(image) {
    if (image === undefined) return undefined;
    const reference = parseImageReference(image);
    if (reference?.digest !== undefined) return undefined;
    return {
      is: reference === undefined ? "no image reference" : shown(image),
      remedy: "name the image with its digest, as in registry.example.com/team/app@sha256:…",
    };
  },
});
