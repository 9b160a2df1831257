import type { TestResource } from "../../support/judge.ts";

/** A Pod `default/web` with one container, into which `container` is put, and the rest of its spec. */
export function pod(container: object, spec: object = {}, metadata: object = {}): TestResource {
  return podOf({ containers: [{ name: "main", ...container }], ...spec }, metadata);
}

/** A Pod `default/web`. */
export function podOf(spec: object, metadata: object = {}): TestResource {
  return object("core/v1:Pod", "web", { spec }, metadata);
}

/** An object in namespace `default`, unless its metadata says another. */
export function object(type: string, name: string, fields: object, metadata: object = {}): TestResource {
  return { type: `kubernetes:${type}`, name, props: { metadata: { name, ...metadata }, ...fields } };
}

/** A container's `securityContext`, alone. */
export function secured(securityContext: object): object {
  return { securityContext };
}
