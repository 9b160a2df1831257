import type { TestResource } from "../support/judge.ts";

/** A well-formed digest. */
export const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** The start of what messages say of the only container of {@link deployment}. */
export const firstImage = "Deployment default/web: spec.template.spec.containers[0].image is";

/** A Deployment whose containers have these images. */
export function deployment(...images: readonly string[]): TestResource {
  const containers = images.map((image, index) => ({ name: `c${index}`, image }));
  return {
    type: "kubernetes:apps/v1:Deployment",
    props: { metadata: { name: "web" }, spec: { template: { spec: { containers } } } },
  };
}
