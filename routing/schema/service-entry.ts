import { z } from "zod";
import { exportTo, labels, portNumber, unserved } from "./common.ts";

/** One workload's address and labels, in a ServiceEntry or as a WorkloadEntry's spec. */
export const workloadEntrySpec = z.object({
  address: z.string().max(255).optional().meta({ description: "An IP address, or a name where resolution is DNS." }),
  ports: z
    .record(z.string().max(253), portNumber)
    .optional()
    .meta({ description: "The workload's port for each port name of the ServiceEntry." }),
  labels: labels.optional().meta({ description: "Labels that choose subsets." }),
  weight: z.int().min(0).max(2147483647).optional(),
  locality: z.string().max(253).optional().meta({ description: "region/zone/subzone" }),
  network: unserved("Gateways between networks."),
  serviceAccount: unserved("Identities of a mesh."),
});

/** `networking.istio.io` ServiceEntry, the parts that concern TCP and TLS. */
export const serviceEntrySpec = z.object({
  hosts: z.array(z.string().min(1).max(253)).min(1).max(256),
  addresses: unserved("Virtual addresses: a gateway routes by host alone."),
  ports: z
    .array(
      z.object({
        number: portNumber,
        name: z.string().min(1).max(253),
        protocol: z.string().max(16).optional(),
        targetPort: portNumber.optional(),
      }),
    )
    .max(64)
    .optional(),
  location: z.enum(["MESH_EXTERNAL", "MESH_INTERNAL"]).optional(),
  resolution: z.enum(["NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS"]).optional(),
  endpoints: z.array(workloadEntrySpec).max(4096).optional(),
  workloadSelector: z.object({ labels: labels.optional() }).optional(),
  exportTo,
  subjectAltNames: unserved("Identities of a mesh."),
});
