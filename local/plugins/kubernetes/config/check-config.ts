import type { CheckFailure, CheckRequest, CheckResponse } from "../../provider/index.ts";
import { Unknown, withoutSecrets } from "../../provider/index.ts";

/** Refuses configurations that contradict themselves. */
export function checkConfig({ news }: CheckRequest): CheckResponse {
  const isSet = (name: string) => {
    const value = withoutSecrets(news[name] ?? "");
    return !(value instanceof Unknown) && value !== "" && value !== false && value !== "false";
  };
  const failures: CheckFailure[] = isSet("renderYamlToDirectory")
    ? ["cluster", "context", "kubeconfig"].filter(isSet).map((property) => ({
        property,
        reason: `"${property}" arg is not compatible with "renderYamlToDirectory" arg`,
      }))
    : [];
  return { inputs: news, failures };
}
