import type * as pulumi from "@pulumi/pulumi";

/** An image that pods can run. {@link ContainerImage} is one. */
export interface ImageReference {
  /** What a pod's `image` is: best a repository with a digest. */
  readonly reference: pulumi.Input<string>;
  /** Platforms that it was made for, such as `linux/amd64`; empty where that is unknown. */
  readonly platforms: readonly string[];
}

/** An image, or no more than its name. */
export type Image = ImageReference | pulumi.Input<string>;

/** A pod's `image`. */
export function imageName(image: Image): pulumi.Input<string> {
  return isReference(image) ? image.reference : image;
}

/** Node affinity that keeps pods on nodes which can run the image; undefined where its platforms are unknown. */
export function platformAffinity(image: Image) {
  const platforms = isReference(image) ? image.platforms : [];
  if (platforms.length === 0) return undefined;
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: platforms.map((platform) => {
          const [os = "", arch = ""] = platform.split("/");
          return {
            matchExpressions: [
              { key: "kubernetes.io/os", operator: "In", values: [os] },
              { key: "kubernetes.io/arch", operator: "In", values: [arch] },
            ],
          };
        }),
      },
    },
  };
}

function isReference(image: Image): image is ImageReference {
  return typeof image === "object" && "reference" in image && "platforms" in image;
}
