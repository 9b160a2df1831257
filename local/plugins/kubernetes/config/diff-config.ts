import { isDeepStrictEqual } from "node:util";
import type { KubeConfig } from "@kubernetes/client-node";
import {
  type DiffRequest,
  type DiffResponse,
  isPropertyMap,
  type PropertyMap,
  Unknown,
  withoutSecrets,
} from "../../provider/index.ts";
import { parseKubeconfig } from "../kubeconfig.ts";

const clusterKeys = ["kubeconfig", "context", "cluster"] as const;

/**
 * Whether a provider's new configuration means another cluster: then everything in it is replaced. A cluster has no identity of its own, so the
 * kubeconfig's entry for it is taken, or `clusterIdentifier` where the user gives one.
 */
export function diffConfig(request: Pick<DiffRequest, "olds" | "news">): DiffResponse {
  const olds = plain(request.olds);
  const news = plain(request.news);
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((key) => !isDeepStrictEqual(olds[key], news[key]))
    .sort();
  if (changed.length === 0) return { changes: "none" };

  const { clusterIdentifier: oldIdentifier } = olds;
  const { clusterIdentifier: newIdentifier } = news;
  const identified = newIdentifier !== undefined && isDeepStrictEqual(oldIdentifier, newIdentifier);
  const replaces: string[] =
    oldIdentifier !== undefined && newIdentifier !== undefined && !identified ? ["clusterIdentifier"] : [];
  const answer = (diffs: readonly string[]): DiffResponse => ({
    changes: "some",
    diffs,
    replaces: identified ? [] : replaces,
  });

  const unknown = clusterKeys.find((key) => news[key] instanceof Unknown);
  if (unknown !== undefined) {
    replaces.push(unknown);
    return answer([unknown]);
  }
  if (changed.includes("renderYamlToDirectory")) replaces.push("renderYamlToDirectory");
  const oldCluster = activeCluster(olds);
  const newCluster = activeCluster(news);
  if (oldCluster !== undefined && newCluster !== undefined && !isDeepStrictEqual(oldCluster, newCluster))
    replaces.push(...clusterKeys.filter((key) => changed.includes(key)));
  return answer(changed);
}

/** Secrets in the clear, and without what is null. */
function plain(inputs: PropertyMap): PropertyMap {
  const clear = withoutSecrets(inputs);
  return isPropertyMap(clear) ? Object.fromEntries(Object.entries(clear).filter(([, value]) => value !== null)) : {};
}

/** The server that a configuration's kubeconfig stands for; undefined where it gives none. */
function activeCluster({ kubeconfig, context, cluster }: PropertyMap): unknown {
  if (kubeconfig === undefined || kubeconfig === "") return undefined;
  const config: KubeConfig = parseKubeconfig(typeof kubeconfig === "string" ? kubeconfig : JSON.stringify(kubeconfig));
  const active = config.getContextObject(typeof context === "string" ? context : config.currentContext);
  if (active === null) return undefined;
  return config.getCluster(typeof cluster === "string" ? cluster : active.cluster) ?? undefined;
}
