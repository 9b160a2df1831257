import { type KubernetesObject, listAt, nameOf, namespaceOf, numberAt, textAt, valueAt } from "../object.ts";
import { isPropertyMap, type PropertyValue } from "../../provider/index.ts";
import { conditionOf } from "./conditions.ts";

/** How far a pod has come: what it waits for, and what hinders it. */
export interface PodStatus {
  readonly ready: boolean;
  /** What was looked at, in order, up to the first thing that is missing. */
  readonly steps: readonly string[];
  /** Undefined while all goes as it should. */
  readonly problem: { readonly severity: "info" | "warning"; readonly message: string } | undefined;
}

/** Judges a pod by its conditions PodScheduled, Initialized and Ready, and by what its containers' states say. */
export function podStatus(pod: KubernetesObject): PodStatus {
  const name = displayName(pod);
  const steps: string[] = [];

  steps.push(`Waiting for Pod "${name}" to be scheduled`);
  const scheduled = conditionOf(pod, "PodScheduled");
  if (textAt(scheduled, "status") !== "True") {
    const message = textAt(scheduled, "reason") === "" ? "" : textAt(scheduled, "message");
    return { ready: false, steps, problem: message === "" ? undefined : { severity: "info", message } };
  }
  steps.push(`Waiting for Pod "${name}" to be initialized`);
  const initialized = conditionOf(pod, "Initialized");
  if (textAt(initialized, "status") !== "True") return { ready: false, steps, problem: problemOf(pod, initialized) };

  steps.push(`Waiting for Pod "${name}" to be ready`);
  const ready = conditionOf(pod, "Ready");
  if (ready !== undefined && (textAt(ready, "status") === "True" || textAt(pod, "status", "phase") === "Succeeded"))
    return { ready: true, steps, problem: undefined };
  return { ready: false, steps, problem: problemOf(pod, ready) };
}

/** The reason why a pod cannot start, if its containers or the condition give one. */
export function podProblem(pod: KubernetesObject): string | undefined {
  const { problem } = podStatus(pod);
  return problem?.severity === "warning" ? problem.message : undefined;
}

function problemOf(pod: KubernetesObject, condition: PropertyValue | undefined): PodStatus["problem"] {
  if (condition === undefined) return undefined;
  const errors = listAt(pod, "status", "containerStatuses").flatMap(containerErrors);
  const message = textAt(condition, "message");
  if (errors.length === 0 && message === "") return undefined;
  return {
    severity: "warning",
    message: `[Pod ${displayName(pod)}]: ${textAt(condition, "reason") === "" ? "" : message}${errors.join("\n")}`,
  };
}

function containerErrors(status: PropertyValue): readonly string[] {
  if (valueAt(status, "ready") === true) return [];
  return [...waitingError(status), ...terminatedError(status), ...lastTerminationError(status)];
}

function waitingError(status: PropertyValue): readonly string[] {
  const waiting = valueAt(status, "state", "waiting");
  if (!isPropertyMap(waiting) || textAt(waiting, "reason") === "ContainerCreating") return [];
  return [`[${textAt(waiting, "reason")}] ${pullMessage(textAt(waiting, "message"))}`];
}

function terminatedError(status: PropertyValue): readonly string[] {
  const terminated = valueAt(status, "state", "terminated");
  const reason = textAt(terminated, "reason");
  if (reason === "") return [];
  const message = textAt(terminated, "message");
  return [
    message === ""
      ? `container "${textAt(status, "name")}" completed with exit code ${numberAt(terminated, "exitCode") ?? 0}`
      : `[${reason}] ${pullMessage(message)}`,
  ];
}

function lastTerminationError(status: PropertyValue): readonly string[] {
  const last = valueAt(status, "lastState", "terminated");
  if (!isPropertyMap(last)) return [];
  const message = textAt(last, "message");
  const when = `container "${textAt(status, "name")}" terminated at ${textAt(last, "finishedAt")} (${textAt(last, "reason")}: exit code ${numberAt(last, "exitCode") ?? 0})`;
  return message === "" ? [when] : [when, message];
}

/** What the container runtime wraps around the registry's answer helps nobody. */
function pullMessage(message: string): string {
  return message
    .replace(/^rpc error: code = Unknown desc = Error response from daemon: /, "")
    .replace(/: manifest unknown$/, "");
}

/** `namespace/name`, without the namespace where it is the default one. */
function displayName(pod: KubernetesObject): string {
  const namespace = namespaceOf(pod);
  return namespace === "" || namespace === "default" ? nameOf(pod) : `${namespace}/${nameOf(pod)}`;
}
