import * as pulumi from "@pulumi/pulumi";
import { setImmediate as turn } from "node:timers/promises";

/** More turns than anything needs that waits for nothing outside this process. */
const patience = 100;

/** Marks a value that is not known (yet): it is computed by the deployment, or waits for the verdict. */
export const unknown: unique symbol = Symbol("unknown");

/**
 * Values of inputs as far as they are known without waiting for anything outside this process: no value that a preview can't know, and none that comes
 * from a resource which itself waits for the verdict.
 */
export async function settled<T>(inputs: readonly pulumi.Input<T>[]): Promise<(pulumi.Unwrap<T> | typeof unknown)[]> {
  const values = inputs.map((): pulumi.Unwrap<T> | typeof unknown => unknown);
  let open = inputs.length;
  inputs.forEach((input, index) => {
    pulumi.output(input).apply((value) => {
      values[index] = value;
      open--;
    });
  });
  for (let turns = 0; open > 0 && turns < patience; turns++) await turn();
  return values;
}
