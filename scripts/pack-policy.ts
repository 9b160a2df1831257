/**
 * Writes the policy pack as a folder of its own: `npm run pack:policy -- FOLDER`. In it `npm install`, and then `pulumi policy publish ORGANIZATION`, or `--policy-pack FOLDER` of any
 * stack's preview.
 */
import { resolve } from "node:path";
import process from "node:process";
import { bundlePolicy } from "./bundle-policy.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Cannot write the policy pack as no folder is named: npm run pack:policy -- FOLDER");
  process.exitCode = 1;
} else {
  await bundlePolicy(resolve(folder));
  console.log(resolve(folder));
}
