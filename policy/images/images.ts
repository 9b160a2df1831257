import { containers, part, parts, pods, type Selector } from "../kit/index.ts";

/** The image of every container, and of every volume that is one, as far as it is said; an object without one is refused by the API server. */
export const images: Selector<string | undefined> = (resources) => [
  ...Iterator.from(containers(resources, undefined)).map((piece) =>
    part(piece, ["image"], ({ container }) => container.image ?? undefined),
  ),
  ...Iterator.from(pods(resources, undefined)).flatMap((pod) =>
    parts(pod, ["spec", "volumes"], ({ spec }) => spec?.volumes).map((volume) =>
      part(volume, ["image", "reference"], ({ image }) => image?.reference ?? undefined),
    ),
  ),
];
