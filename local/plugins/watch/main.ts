import { parseArgs } from "node:util";
import { watchChanges } from "./changes.ts";

/** How often to look whether the engine is still there. */
const orphanCheckMilliseconds = 2_000;

// The engine starts `pulumi-watch --origin ROOT --watch PATH…` and deploys at each line of output, one after the other
// (pulumi/pulumi, pkg/backend/watch.go). It ends the program by SIGKILL, unless it is killed itself.
const { values } = parseArgs({
  options: { origin: { type: "string" }, watch: { type: "string", multiple: true, default: [] } },
});
const paths = values.watch.length > 0 ? values.watch : [values.origin ?? process.cwd()];
watchChanges(paths, (name) => console.log(name));

const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit();
}, orphanCheckMilliseconds);
