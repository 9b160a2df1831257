import { messageOf } from "../catalogue.ts";
import type { FieldPath } from "../objects.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0133: TLS settings of a server that Istio's validation lets pass with a warning. Fields that nobody knows are reported when an object is parsed. */
export const gatewayTls: Analyzer<"Gateway"> = {
  subject: "doubtful TLS settings",
  kind: "Gateway",
  needs: [],
  *check(gateway) {
    const warning = (path: FieldPath, text: string) =>
      messageOf("IST0133", about(gateway, path), `Schema validation warning: ${text}`);
    for (const [index, { port, tls }] of gateway.spec.servers.entries()) {
      if (tls === undefined) continue;
      const path: FieldPath = ["spec", "servers", index, "tls"];
      const mode = tls.mode ?? "PASSTHROUGH";
      const certificates = [
        ...[tls.credentialName, tls.serverCertificate, tls.privateKey, tls.caCertificates, tls.caCrl],
        ...[tls.credentialNames, tls.tlsCertificates],
      ];
      if (
        mode.endsWith("PASSTHROUGH") &&
        certificates.some((value) => value !== undefined && value !== null && value.length > 0)
      ) {
        yield warning(path, `${mode} mode does not use certificates, they will be ignored`);
      }
      if (tls.httpsRedirect === true && !/^(HTTP|HTTP2|GRPC|GRPC-WEB)$/i.test(port.protocol)) {
        yield warning(path, "tls.httpsRedirect should only be used with http servers");
      }
      if (/^TLSV1_[01]$/.test(tls.minProtocolVersion ?? "") && (tls.cipherSuites ?? []).length === 0) {
        yield warning(
          path,
          "TLS version below TLSV1_2 require setting compatible ciphers as by default they no longer include compatible ciphers.",
        );
      }
      const suites = tls.cipherSuites ?? [];
      const unknown = [...new Set(suites.filter((suite) => !isCipherSuite(suite)))].sort();
      if (unknown.length > 0) yield warning(path, `ignoring invalid cipher suites: [${unknown.join(" ")}]`);
      const known = suites.filter(isCipherSuite);
      const repeated = [...new Set(known.filter((suite, at) => known.indexOf(suite) !== at))].sort();
      if (repeated.length > 0) {
        yield warning(path, `ignoring duplicate cipher suites: [${repeated.join(" ")}]`);
      }
    }
  },
};

/** Those that Envoy has: gateway reference, ServerTLSSettings.cipherSuites. */
const cipherSuites = new Set(
  [
    "ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305 ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA",
    "ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA AES128-GCM-SHA256 AES256-GCM-SHA384 AES128-SHA AES256-SHA DES-CBC3-SHA",
  ].flatMap((line) => line.split(" ")),
);

/** Istio lets what does not begin with a letter or a digit pass: `[A|B]`, `!C`. */
function isCipherSuite(suite: string): boolean {
  return suite === "" || suite === "ALL" || !/^[\p{L}\p{N}]/u.test(suite) || cipherSuites.has(suite);
}
