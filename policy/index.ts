import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies.ts";

new PolicyPack("tcp-ingress", { policies: policies.map(({ pulumi }) => pulumi) });
