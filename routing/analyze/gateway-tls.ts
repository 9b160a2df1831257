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
      const certificates = [tls.credentialName, tls.serverCertificate, tls.privateKey, tls.caCertificates];
      if (mode.endsWith("PASSTHROUGH") && certificates.some((value) => (value ?? "") !== "")) {
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
      const repeated = [...new Set(suites.filter((suite, at) => suites.indexOf(suite) !== at))].sort();
      if (repeated.length > 0) {
        yield warning(path, `ignoring duplicate cipher suites: [${repeated.join(" ")}]`);
      }
    }
  },
};
