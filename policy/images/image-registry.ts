import * as z from "zod";
import { resourcePolicy, shown } from "../kit/index.ts";
import { images } from "./images.ts";
import { isFrom, isImageSource, parseImageReference } from "./reference.ts";

const source = z
  .string()
  .refine(isImageSource, "a registry, with or without a path, such as ghcr.io/acme or docker.io/library");

export const imageRegistry = resourcePolicy({
  name: "image-registry",
  description: "Images come from registries that are trusted, as whoever owns the registry decides what runs",
  severity: "high",
  level: "mandatory",
  config: {
    allowed: z
      .array(source)
      .default([])
      .describe(
        "Registries, or parts of them by whole segments of the path (`ghcr.io/acme`); none: every registry is allowed",
      ),
  },
  over: images,
  check(image, { config: { allowed } }) {
    if (image === undefined || allowed.length === 0) return undefined;
    const reference = parseImageReference(image);
    if (reference !== undefined && allowed.some((source) => isFrom(reference, source))) return undefined;
    return {
      is: reference === undefined ? "no image reference" : shown(image),
      remedy: `use an image from ${allowed.join(" or ")}`,
    };
  },
});
