import { runOperation } from "./operation-command.ts";

await runOperation(
  "preview",
  "preview",
  "Shows what a deployment to an environment would change, checked by the policy pack.",
);
