import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { FieldPath, Gateway, Objects } from "../objects.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0133: what Istio's validation lets pass with a warning. Fields that nobody knows are reported when an object is parsed. */
export const schemaWarnings: Analyzer = {
  subject: "doubtful values",
  concerns: () => true,
  needs: [],
  *check(objects) {
    for (const gateway of objects.gateways) yield* checkTls(gateway);
    yield* checkGatewayNames(objects);
    yield* checkOutliers(objects);
  },
};

function warning(
  object: Gateway | Objects["virtualServices"][number] | Objects["destinationRules"][number],
  path: FieldPath,
  text: string,
): Message {
  return messageOf("IST0133", about(object, path), `Schema validation warning: ${text}`);
}

function* checkTls(gateway: Gateway): Generator<Message> {
  for (const [index, { port, tls }] of gateway.spec.servers.entries()) {
    if (tls === undefined) continue;
    const path: FieldPath = ["spec", "servers", index, "tls"];
    const mode = tls.mode ?? "PASSTHROUGH";
    const certificates = [tls.credentialName, tls.serverCertificate, tls.privateKey, tls.caCertificates];
    if (mode.endsWith("PASSTHROUGH") && certificates.some((value) => (value ?? "") !== "")) {
      yield warning(gateway, path, `${mode} mode does not use certificates, they will be ignored`);
    }
    if (tls.httpsRedirect === true && !/^(HTTP|HTTP2|GRPC|GRPC-WEB)$/i.test(port.protocol)) {
      yield warning(gateway, path, "tls.httpsRedirect should only be used with http servers");
    }
    if (/^TLSV1_[01]$/.test(tls.minProtocolVersion ?? "") && (tls.cipherSuites ?? []).length === 0) {
      yield warning(
        gateway,
        path,
        "TLS version below TLSV1_2 require setting compatible ciphers as by default they no longer include compatible ciphers.",
      );
    }
    const suites = tls.cipherSuites ?? [];
    const repeated = [...new Set(suites.filter((suite, at) => suites.indexOf(suite) !== at))].sort();
    if (repeated.length > 0) {
      yield warning(gateway, path, `ignoring duplicate cipher suites: [${repeated.join(" ")}]`);
    }
  }
}

function* checkGatewayNames({ virtualServices }: Objects): Generator<Message> {
  for (const virtualService of virtualServices) {
    for (const [index, name] of (virtualService.spec.gateways ?? []).entries()) {
      if (name.includes("/") || !name.includes(".")) continue;
      const [gateway = "", namespace = ""] = name.split(".");
      yield warning(
        virtualService,
        ["spec", "gateways", index],
        `using legacy gatewayName format ${JSON.stringify(name)}; prefer the <namespace>/<name> format: ${JSON.stringify(`${namespace}/${gateway}`)}`,
      );
    }
  }
}

function* checkOutliers({ destinationRules }: Objects): Generator<Message> {
  const text =
    "outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead";
  for (const rule of destinationRules) {
    const { trafficPolicy, subsets = [] } = rule.spec;
    if (trafficPolicy?.outlierDetection?.consecutiveErrors !== undefined) {
      yield warning(rule, ["spec", "trafficPolicy", "outlierDetection", "consecutiveErrors"], text);
    }
    for (const [index, subset] of subsets.entries()) {
      if (subset.trafficPolicy?.outlierDetection?.consecutiveErrors === undefined) continue;
      yield warning(rule, ["spec", "subsets", index, "trafficPolicy", "outlierDetection", "consecutiveErrors"], text);
    }
  }
}
