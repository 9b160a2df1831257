/** The parts of Kubernetes' own kinds that routing reads. They come from an API server that knows them better: other fields are let through in silence. */
import * as z from "zod";

const stringMap = z.record(z.string(), z.string());
const intOrString = z.union([z.int(), z.string()]);

export const serviceSpec = z.looseObject({
  type: z.string().optional(),
  clusterIP: z.string().optional(),
  externalName: z.string().optional(),
  externalTrafficPolicy: z.string().optional(),
  ipFamilies: z.array(z.string()).nullish(),
  selector: stringMap.nullish(),
  ports: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        port: z.int(),
        targetPort: intOrString.optional(),
        protocol: z.string().optional(),
        appProtocol: z.string().nullish(),
        nodePort: z.int().optional(),
      }),
    )
    .nullish(),
});

const container = z.looseObject({
  name: z.string(),
  ports: z
    .array(z.looseObject({ name: z.string().optional(), containerPort: z.int(), protocol: z.string().optional() }))
    .nullish(),
});

/** An API server's watch of metadata alone gives no spec. */
export const podSpec = z.looseObject({
  containers: z.array(container).nullish(),
  initContainers: z.array(container).nullish(),
  hostNetwork: z.boolean().optional(),
});

export const deploymentSpec = z.looseObject({
  replicas: z.int().optional(),
  template: z.looseObject({
    metadata: z.looseObject({ labels: stringMap.nullish(), annotations: stringMap.nullish() }).optional(),
    spec: podSpec.optional(),
  }),
});

const endpointSlicePort = z.looseObject({
  name: z.string().nullish(),
  port: z.int().nullish(),
  protocol: z.string().nullish(),
});

const endpointSliceEndpoint = z.looseObject({
  addresses: z.array(z.string()),
  conditions: z
    .looseObject({
      ready: z.boolean().nullish(),
      serving: z.boolean().nullish(),
      terminating: z.boolean().nullish(),
    })
    .optional(),
  targetRef: z
    .looseObject({ kind: z.string().optional(), name: z.string().optional(), namespace: z.string().optional() })
    .optional(),
  zone: z.string().nullish(),
  nodeName: z.string().nullish(),
  hints: z.looseObject({ forZones: z.array(z.looseObject({ name: z.string() })).nullish() }).nullish(),
});

/** What EndpointSlice has beside its metadata: it knows no spec. */
export const endpointSliceFields = z.looseObject({
  addressType: z.string(),
  endpoints: z.array(endpointSliceEndpoint).nullish(),
  ports: z.array(endpointSlicePort).nullish(),
});
