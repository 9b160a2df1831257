import { environmentVariables, resourcePolicy } from "../kit/index.ts";
import { secretNames } from "./secrets/config.ts";
import { secretIn } from "./secrets/find.ts";

export const envSecrets = resourcePolicy({
  name: "env-secrets",
  description:
    "Environment variables have no secrets as plain values: whoever may read the workload, its history or its manifest reads them",
  severity: "critical",
  level: "mandatory",
  config: secretNames,
  over: environmentVariables,
  check({ name, value }, { config }) {
    const what = secretIn(name, value, config);
    if (what === undefined) return undefined;
    return {
      property: ["value"],
      is: `${what} (${name})`,
      remedy: "put it into a Secret and refer to it by valueFrom.secretKeyRef",
    };
  },
});
