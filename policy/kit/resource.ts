import type { PolicyProviderResource, PolicyResource, PolicyResourceOptions } from "@pulumi/policy";
import type { FieldPath } from "../../routing/objects.ts";
import { clusterKinds, kubernetesType } from "./kinds.ts";
import { decide, onlySaid } from "./unknown.ts";

/** One resource as policies see it; one object of it where a Pulumi resource is a list of them. */
export interface Resource {
  readonly urn: string;
  /** Pulumi's type token: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** What Kubernetes calls it, with its API group unless that is the core one: `apps/Deployment`, `Service`; undefined where it is none of Kubernetes' objects. */
  readonly kind: string | undefined;
  /** Of what Kubernetes has: `apps/v1`, `v1`. */
  readonly apiVersion: string | undefined;
  /** How messages name it: `Deployment default/web`. */
  readonly title: string;
  /** Resources of one cluster have the same, those of another one another; empty for what is in none. */
  readonly cluster: string;
  /** Pulumi's options for it. */
  readonly options: PolicyResourceOptions;
  /** Some properties of an object that is there (`DeploymentPatch`). Of such a patch only what it sets is judged, and nothing is remediated. */
  readonly patch: boolean;
  /** Where the object is in the resource's properties: `items[0]` of a list, else at the top. */
  readonly path: FieldPath;
  /** The object; it throws at what a preview can't know. */
  read(): Manifest;
  /** `metadata.namespace`, else the provider's own, else `default`; empty for kinds that are in none. It throws where a preview can't know it. */
  namespace(): string;
}

/** An object of whatever kind. */
export interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** What is common to resources in resource policies, in stack policies and in remediations. */
export type PulumiResource = Pick<PolicyResource, "urn" | "type" | "name" | "opts"> & {
  readonly props: Manifest;
  readonly provider?: PolicyProviderResource | undefined;
};

/** The objects of a Pulumi resource: itself, or each item of a list (`kubernetes:core/v1:PodList`). */
export function resourcesOf(resource: PulumiResource): Resource[] {
  const list = /^(.*:)(\w*)List$/.exec(resource.type);
  if (list === null || kubernetesType(resource.type) === undefined || !("items" in resource.props)) {
    return [view(resource, resource.type, [], () => resource.props)];
  }
  const [, prefix = "", name = ""] = list;
  const items = () => resource.props["items"] as readonly Manifest[];
  const count = decide(() => items().length);
  const length = "value" in count ? count.value : 1;
  return Array.from({ length }, (_, index) => {
    const read = () => items()[index] ?? {};
    return view(resource, name === "" ? tokenOf(read) : prefix + name, ["items", index], read);
  });
}

/** The type token of an item of a list of any kinds. */
function tokenOf(read: () => Manifest): string {
  const token = decide(() => `kubernetes:${read().apiVersion ?? ""}:${read().kind ?? ""}`);
  return "value" in token ? token.value : "kubernetes:core/v1:List";
}

function view(resource: PulumiResource, token: string, path: FieldPath, read: () => Manifest): Resource {
  const { urn, type, name, opts: options, provider } = resource;
  const kubernetes = kubernetesType(token);
  const bare = kubernetes?.kind.split("/").at(-1) ?? "";
  const namespace = () => {
    if (kubernetes === undefined || clusterKinds.has(bare)) return "";
    const of: unknown = read().metadata?.namespace ?? provider?.props["namespace"];
    return typeof of === "string" && of !== "" ? of : "default";
  };
  const patch = kubernetes?.patch ?? false;
  return {
    urn,
    type,
    kind: kubernetes?.kind,
    apiVersion: kubernetes?.apiVersion,
    title: kubernetes === undefined ? `${type} ${name}` : `${bare} ${fullName(name, read, namespace)}`,
    cluster: kubernetes === undefined ? "" : clusterOf(provider),
    options,
    patch,
    path,
    read: patch ? () => onlySaid(read()) : read,
    namespace,
  };
}

/** Providers that reach a cluster in the same way are of the same one, and so are those of which a preview can't know it. */
function clusterOf(provider: PolicyProviderResource | undefined): string {
  const settings = ["kubeconfig", "context", "cluster", "renderYamlToDirectory"];
  const values = decide(() => settings.map((name): unknown => provider?.props[name] ?? null));
  return "value" in values ? JSON.stringify(values.value) : "unknown";
}

/** As much of `namespace/name` as is known; Pulumi's name where the object's own is not. */
function fullName(pulumiName: string, read: () => Manifest, namespace: () => string): string {
  const name = decide(() => read().metadata?.name);
  const known = ("value" in name ? name.value : undefined) ?? pulumiName;
  const of = decide(namespace);
  return "value" in of && of.value !== "" ? `${of.value}/${known}` : known;
}
