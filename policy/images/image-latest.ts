import { resourcePolicy, shown } from "../kit/index.ts";
import { images } from "./images.ts";
import { parseImageReference } from "./reference.ts";

export const imageLatest = resourcePolicy({
  name: "image-latest",
  description:
    "Images are not `latest`, said or implied, as that is another image on each node and at each restart, and nothing to go back to",
  severity: "medium",
  level: "mandatory",
  over: images,
  check(image) {
    const reference = image === undefined ? undefined : parseImageReference(image);
    // A digest decides, whatever the tag says.
    if (reference === undefined || reference.digest !== undefined || (reference.tag ?? "latest") !== "latest") {
      return undefined;
    }
    return {
      is: reference.tag === undefined ? `${shown(image)}, which means latest` : shown(image),
      remedy: "name a version, best with its digest",
    };
  },
});
