import { entries, objects, part, resourcePolicy, type Selector } from "../kit/index.ts";
import { secretNames } from "./secrets/config.ts";
import { secretIn } from "./secrets/find.ts";

/** The entries of every ConfigMap as texts, binary ones too, as a file of keys may be one. */
const files: Selector<readonly [name: string, text: string]> = (resources) =>
  Iterator.from(objects("ConfigMap")(resources, undefined)).flatMap((configMap) => [
    ...entries(configMap, ["data"], ({ data }) => data),
    ...entries(configMap, ["binaryData"], ({ binaryData }) => binaryData).map((file) =>
      part(file, [], ([name, content]) => [name, Buffer.from(content, "base64").toString()] as const),
    ),
  ]);

export const configMapSecrets = resourcePolicy({
  name: "config-map-secrets",
  description:
    "ConfigMaps hold no secrets: more people and programs may read them than Secrets, and clusters mostly encrypt Secrets alone at rest",
  severity: "critical",
  level: "mandatory",
  config: secretNames,
  over: files,
  check([name, text], { config }) {
    const what = secretIn(name, text, config);
    return what === undefined ? undefined : { is: what, remedy: "put it into a Secret" };
  },
});
