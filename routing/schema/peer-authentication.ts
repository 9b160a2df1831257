import * as z from "zod";

const mtls = z.object({ mode: z.enum(["UNSET", "DISABLE", "PERMISSIVE", "STRICT"]).optional() });

/** `security.istio.io` PeerAuthentication, as far as it tells whether a gateway outside of the mesh may connect. */
export const peerAuthenticationSpec = z.object({
  selector: z.object({ matchLabels: z.record(z.string(), z.string()).optional() }).optional(),
  mtls: mtls.optional(),
  portLevelMtls: z.record(z.string(), mtls).optional(),
});
