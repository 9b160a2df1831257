/** A worker's program whose plan throws for connections on port 13. */
import { Plan } from "../../../app/gateway/engine/plan.ts";

const decide = Reflect.get(Plan.prototype, "decide") as Plan["decide"];
Plan.prototype.decide = function (listener, client) {
  if (listener.port === 13) throw new Error("Injected");
  return decide.call(this, listener, client);
};

await import("../../../app/gateway/engine/workers/worker.ts");
