import { runOperation } from "./operation-command.ts";

await runOperation("deploy", "up", "Deploys to an environment, checked by the policy pack.");
