import { resourcePolicy } from "../../kit/index.ts";
import { volumes } from "./volumes.ts";

const allowed = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
] as const;

/** check_restrictedVolumes.go; a volume without a source is an `emptyDir` by default. */
export const restrictedVolumes = resourcePolicy({
  name: "restrictedVolumes",
  description:
    "Pods must mount only volumes that Kubernetes manages, as all others reach the node or a storage past PersistentVolumes",
  severity: "high",
  level: "mandatory",
  over: volumes,
  check(volume) {
    const sources = Object.entries(volume).filter(
      ([name, source]) => name !== "name" && (source ?? undefined) !== undefined,
    );
    const [first] = sources.map(([name]) => name);
    if (first === undefined || allowed.some((name) => (volume[name] ?? undefined) !== undefined)) return undefined;
    return { property: [first], is: "used", remedy: `use one of ${allowed.join(", ")}` };
  },
});
