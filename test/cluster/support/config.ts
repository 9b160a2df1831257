import { testCluster } from "./environment.ts";

/** The configuration that makes a stack build its images with the test cluster's engine and registry. */
export function buildConfig(): Record<string, unknown> {
  const { registry, dockerHost, nodeImage } = testCluster();
  return { registry, dockerHost, nodeImage, retainCrds: false };
}
