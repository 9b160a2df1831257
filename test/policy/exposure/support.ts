import type { TestResource } from "../support/judge.ts";

/** A Service of type LoadBalancer, with more or other fields in its spec and metadata. */
export function service(spec: object = {}, metadata: object = {}): TestResource {
  return {
    type: "kubernetes:core/v1:Service",
    props: { metadata: { name: "web", ...metadata }, spec: { type: "LoadBalancer", ...spec } },
  };
}

/** What is said where a preview can't know a property of that Service. */
export function undecided(property: string): string {
  return `Service default/web is not judged yet, as a preview can't know ${property}; it is judged before the resource is created or changed`;
}
