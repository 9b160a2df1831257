import { objects, some, stackPolicy } from "../kit/index.ts";
import { selects } from "./labels.ts";
import { replicated, replicatedScope } from "./replicated.ts";
import { isJudged } from "./scope.ts";

const budgets = objects("policy/PodDisruptionBudget");

/** In `policy/v1` a budget with an empty selector is for every pod of its namespace. */
export const podDisruptionBudget = stackPolicy({
  name: "pod-disruption-budget",
  description: "Workloads must have a PodDisruptionBudget, as draining nodes may else take all of their pods at once",
  severity: "medium",
  level: "advisory",
  config: replicatedScope,
  over: replicated,
  check({ spec }, { config, resource, resources }) {
    if (!isJudged(resource, config.namespaces)) return undefined;
    const covered = some(
      budgets(resources, undefined),
      (budget) =>
        budget.resource?.namespace() === resource?.namespace() && selects(budget.read().spec?.selector, spec?.template),
    );
    return covered
      ? undefined
      : { is: "selected by no PodDisruptionBudget", remedy: "add one to its namespace that selects its pods' labels" };
  },
});
