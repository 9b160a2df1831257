import type { Policy } from "../kit/index.ts";
import { configMapSecrets } from "./config-map-secrets.ts";
import { envSecrets } from "./env-secrets.ts";
import { protectedResources } from "./protected-resources.ts";
import { requiredLabels } from "./required-labels.ts";

export const hygiene: readonly Policy[] = [requiredLabels, protectedResources, configMapSecrets, envSecrets];
