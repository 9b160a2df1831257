import { resourcePolicy } from "../../kit/index.ts";
import { isSet } from "../is-set.ts";
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
];

/** check_restrictedVolumes.go; a volume without a source is an `emptyDir` by default. */
export const restrictedVolumes = resourcePolicy({
  name: "restrictedVolumes",
  description:
    "Pods must mount only volumes that Kubernetes manages, as all others reach the node or a storage past PersistentVolumes",
  severity: "high",
  level: "mandatory",
  over: volumes,
  check(volume) {
    const sources = Object.entries(volume).flatMap(([name, value]) => (name !== "name" && isSet(value) ? [name] : []));
    const [source] = sources;
    if (source === undefined || sources.some((name) => allowed.includes(name))) return undefined;
    return { property: [source], is: "used", remedy: `use one of ${allowed.join(", ")}` };
  },
});
