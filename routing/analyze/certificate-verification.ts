import { messageOf } from "../catalogue.ts";
import { about, displayName } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0128 and IST0129: TLS towards a destination whose certificate nobody verifies. */
export const certificateVerification: Analyzer<"DestinationRule"> = {
  subject: "certificates of destinations",
  kind: "DestinationRule",
  needs: [],
  *check(rule) {
    const { host, trafficPolicy } = rule.spec;
    const subject = `DestinationRule ${displayName(rule)} in namespace ${rule.metadata.namespace} has TLS mode set to`;
    const lacking = (mode: string) => `${subject} ${mode} but no caCertificates are set to validate server identity`;
    const own = trafficPolicy?.tls;
    if (own !== undefined && isUnverified(own)) {
      yield messageOf(
        "IST0128",
        about(rule, ["spec", "trafficPolicy", "tls"]),
        `${lacking(own.mode ?? "")} for host: ${host}`,
      );
    }
    for (const [index, { port, tls }] of (trafficPolicy?.portLevelSettings ?? []).entries()) {
      if (tls === undefined || !isUnverified(tls)) continue;
      yield messageOf(
        "IST0129",
        about(rule, ["spec", "trafficPolicy", "portLevelSettings", index, "tls"]),
        `${lacking(tls.mode ?? "")} for host: ${host} at port number:${port.number}`,
      );
    }
  },
};

function isUnverified({ mode, caCertificates }: { readonly mode?: string; readonly caCertificates?: string }): boolean {
  return (mode === "SIMPLE" || mode === "MUTUAL") && (caCertificates ?? "") === "";
}
