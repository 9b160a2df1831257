// JavaScript, as Pulumi's launcher of policy packs compiles an entry in TypeScript by ts-node, whatever PulumiPolicy.yaml says. What it imports is Node's own to strip.
import { PolicyPack } from "@pulumi/policy";
import { deserializeOnce } from "./deserialize-once.ts";
import { policies } from "./policies.ts";

deserializeOnce();
new PolicyPack("tcp-ingress", { policies: policies.map(({ pulumi }) => pulumi) });
