import { type PropertyMap, withoutSecrets } from "../provider/index.ts";
import type { Mutability } from "./diff/force-new.ts";
import type { ClusterChoice } from "./kubeconfig.ts";

/** The provider's configuration (https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/). */
export interface Settings extends ClusterChoice {
  /** For objects that name none; empty: the kubeconfig context's. */
  readonly namespace: string;
  readonly serverSideApply: boolean;
  /** Take fields from other managers, as `pulumi.com/patchForce` does for one object. */
  readonly patchForce: boolean;
  /** Update an object that exists where one is to be created. */
  readonly upsert: boolean;
  readonly deleteUnreachable: boolean;
  readonly skipUpdateUnreachable: boolean;
  readonly mutable: Mutability;
  readonly suppressDeprecationWarnings: boolean;
  readonly suppressHelmHookWarnings: boolean;
  /** Empty: objects go to the cluster; else the folder that their YAML goes to. */
  readonly renderDirectory: string;
  /** Write every object's YAML anew, also where nothing has changed. */
  readonly alwaysRender: boolean;
}

/** Reads the provider's inputs; what they leave out is taken from the environment, else from the defaults. */
export function readSettings(inputs: PropertyMap, environment: NodeJS.ProcessEnv = process.env): Settings {
  const text = (name: string): string => {
    const value = withoutSecrets(inputs[name] ?? "");
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  const flag = (name: string, variable: string, preset: boolean): boolean => {
    const value = text(name) || environment[variable];
    return value === undefined || value === "" ? preset : value === "true";
  };
  return {
    kubeconfig: text("kubeconfig"),
    context: text("context"),
    cluster: text("cluster"),
    namespace: text("namespace"),
    serverSideApply: flag("enableServerSideApply", "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", true),
    patchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE", false),
    upsert: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS", false),
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE", false),
    skipUpdateUnreachable: flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE", false),
    mutable: {
      configMaps: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE", false),
      secrets: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE", false),
    },
    suppressDeprecationWarnings: flag("suppressDeprecationWarnings", "PULUMI_K8S_SUPPRESS_DEPRECATION_WARNINGS", false),
    suppressHelmHookWarnings: flag("suppressHelmHookWarnings", "PULUMI_K8S_SUPPRESS_HELM_HOOK_WARNINGS", false),
    renderDirectory: text("renderYamlToDirectory"),
    alwaysRender: text("alwaysRender") === "true",
  };
}
