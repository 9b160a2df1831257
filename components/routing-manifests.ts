import * as pulumi from "@pulumi/pulumi";
import { parseObject } from "../routing/index.ts";
import { currentAnalysis } from "./analysis/stack-analysis.ts";
import { KubernetesObject } from "./kubernetes-object.ts";
import {
  destinationRuleHandle,
  gatewayHandle,
  type ManifestDestinationRule,
  type ManifestGateway,
  type ManifestHandle,
} from "./manifests/handles.ts";
import { readManifests } from "./manifests/read.ts";

interface ManifestOptions {
  /** Of objects that name none; `default` by default. */
  readonly namespace?: string;
}

export type RoutingManifestsArgs = ManifestOptions &
  (
    | {
        /** Files, folders (all `.yaml`, `.yml` and `.json` files in them, at any depth) and patterns, as seen from the project's folder. */
        readonly files: string | readonly [string, ...string[]];
        readonly text?: string;
      }
    | {
        /** YAML or JSON with any number of objects. */
        readonly text: string;
        readonly files?: undefined;
      }
  );

/**
 * Existing manifests, Istio's or the Gateway API's, as part of a stack: every object in them is made as it stands, under its own name and with all of its fields, and the
 * routing declarations are checked with those of the rest of the program. What routing has no part in (Deployments, ConfigMaps, …) is made as well, nothing is left out.
 *
 * @example
 * const manifests = new RoutingManifests("tcp-echo", { files: "manifests" });
 * new IngressGateway("ingressgateway", { image, gateways: manifests.gateways });
 * new VirtualService("canary", { tcp: [manifests.gateway("tcp-echo-gateway").tcp(31400).to(manifests.destinationRule("tcp-echo").subset("v1"))] });
 */
export class RoutingManifests extends pulumi.ComponentResource {
  /** All of Istio's Gateways in them, for {@link IngressGateway}. */
  readonly gateways: readonly ManifestGateway[];
  readonly #rules: readonly ManifestDestinationRule[];
  readonly #virtualServices: readonly ManifestHandle[];

  /**
   * @param name name of the component, before those of its objects (`NAME/namespace/name`)
   * @throws {Error} when a file cannot be read, is no YAML, holds no objects, or two have one name
   */
  constructor(name: string, args: RoutingManifestsArgs, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:RoutingManifests", name, {}, options);
    const objects = readManifests(args).map((object) => ({ object, known: parseObject(object.manifest).object }));
    this.gateways = objects.flatMap(({ object, known }) =>
      known?.kind === "Gateway" ? [gatewayHandle(object, known.spec)] : [],
    );
    this.#rules = objects.flatMap(({ object, known }) =>
      known?.kind === "DestinationRule" ? [destinationRuleHandle(object, known.spec)] : [],
    );
    this.#virtualServices = objects.flatMap(({ object: { name: objectName, namespace }, known }) =>
      known?.kind === "VirtualService" ? [{ objectName, namespace }] : [],
    );
    const analysis = currentAnalysis();
    for (const { object, known } of objects) {
      const { kind, namespace, manifest, place } = object;
      const host = known?.kind === "DestinationRule" ? { host: known.spec.host } : {};
      analysis.declare({ resource: this, identity: { kind, namespace, name: object.name, ...host }, manifest, place });
    }
    const gate = analysis.gate(options?.dependsOn);
    const create = ({ object }: (typeof objects)[number], first: readonly pulumi.Resource[]) => {
      const resource = [name, ...(object.namespace === "" ? [] : [object.namespace]), object.name].join("/");
      const dependsOn = gate.then((others) => [...others, ...first]);
      return new KubernetesObject(resource, object.manifest, { parent: this, dependsOn });
    };
    // Others may be of these kinds, or in these namespaces.
    const isFirst = ({ object: { kind } }: (typeof objects)[number]) =>
      kind === "Namespace" || kind === "CustomResourceDefinition";
    const first = objects.filter(isFirst).map((one) => create(one, []));
    for (const one of objects.filter((other) => !isFirst(other))) create(one, first);
    this.registerOutputs();
  }

  /**
   * The Gateway of that name, `name` or `namespace/name`.
   *
   * @throws {RangeError} when the manifests hold none
   */
  gateway(name: string): ManifestGateway {
    return find("Gateway", this.gateways, name);
  }

  /**
   * The VirtualService of that name, `name` or `namespace/name`.
   *
   * @throws {RangeError} when the manifests hold none
   */
  virtualService(name: string): ManifestHandle {
    return find("VirtualService", this.#virtualServices, name);
  }

  /**
   * The DestinationRule of that name, `name` or `namespace/name`.
   *
   * @throws {RangeError} when the manifests hold none
   */
  destinationRule(name: string): ManifestDestinationRule {
    return find("DestinationRule", this.#rules, name);
  }
}

function find<Handle extends ManifestHandle>(kind: string, handles: readonly Handle[], name: string): Handle {
  const [found, ...others] = handles.filter(({ objectName, namespace }) =>
    name.includes("/") ? name === `${namespace}/${objectName}` : name === objectName,
  );
  const names = (list: readonly Handle[]) =>
    list.map(({ objectName, namespace }) => `${namespace}/${objectName}`).join(", ");
  if (found === undefined) {
    throw new RangeError(`Cannot find ${kind} ${name} in the manifests, which hold ${names(handles) || "none"}`);
  }
  if (others.length > 0) {
    throw new RangeError(
      `Cannot tell which ${kind} ${name} is meant of ${names([found, ...others])}. Say its namespace`,
    );
  }
  return found;
}
