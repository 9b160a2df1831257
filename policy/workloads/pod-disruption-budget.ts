import { objects, stackPolicy } from "../kit/index.ts";
import { labelsOf, selects } from "./labels.ts";
import { somePass } from "./others.ts";
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
    const namespace = resource?.namespace();
    const labels = labelsOf(spec?.template);
    const covered = somePass(
      budgets(resources, undefined),
      (budget, other) => other?.namespace() === namespace && selects(budget.spec?.selector, labels),
    );
    return covered
      ? undefined
      : { is: "selected by no PodDisruptionBudget", remedy: "add one to its namespace that selects its pods' labels" };
  },
});
