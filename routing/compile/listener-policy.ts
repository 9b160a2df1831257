import { gatewayAnnotations as known, readAnnotation } from "../annotations/definitions.ts";
import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import { about, resourceName } from "../resolve/about.ts";
import type { AcceptedProxyProtocol, ConnectionRate, ListenerPolicy } from "../table.ts";
import type { Binding } from "./servers.ts";

type Annotations = Readonly<Record<string, string>>;

/** Envoy, listener.proto, listener_filters_timeout: "If not specified, the default is 15 seconds". */
const handshakeTimeout = 15_000;

/** What a Gateway's annotations declare for its listeners. */
export function listenerPolicyOf(annotations: Annotations): ListenerPolicy {
  return {
    proxyProtocol: proxyProtocolOf(annotations),
    maxConnections: readAnnotation(known.maxConnections, annotations),
    maxConnectionsPerSource: readAnnotation(known.maxConnectionsPerSource, annotations),
    connectionRatePerSource: connectionRateOf(annotations),
    proxyProtocolTimeout: readAnnotation(known.proxyProtocolTimeout, annotations) ?? handshakeTimeout,
    clientHelloTimeout: readAnnotation(known.clientHelloTimeout, annotations) ?? handshakeTimeout,
    tlsHandshakeTimeout: readAnnotation(known.tlsHandshakeTimeout, annotations) ?? handshakeTimeout,
  };
}

function proxyProtocolOf(annotations: Annotations): AcceptedProxyProtocol | undefined {
  const mode = readAnnotation(known.proxyProtocol, annotations);
  const sources = readAnnotation(known.proxyProtocolSources, annotations);
  return mode === undefined || sources === undefined ? undefined : { mode, sources };
}

function connectionRateOf(annotations: Annotations): ConnectionRate | undefined {
  const perSecond = readAnnotation(known.connectionRatePerSource, annotations);
  if (perSecond === undefined) return undefined;
  const burst = readAnnotation(known.connectionBurstPerSource, annotations) ?? Math.max(1, Math.floor(perSecond));
  return { perSecond, burst };
}

/** Says that a Gateway's annotations do not hold for a listener, as an older one that shares it has others. */
export function contestedPolicies([{ gateway: holder, server }, ...others]: Binding): Message[] {
  const held = annotationsOf(holder.metadata.annotations);
  return others.flatMap(({ gateway }) =>
    annotationsOf(gateway.metadata.annotations) === held
      ? []
      : [
          messageOf(
            "TCP0062",
            about(gateway, ["metadata", "annotations"]),
            `The annotations for clients of port ${server.port.number} are those of ${resourceName(holder)}, which is older and has others. Give both the same`,
          ),
        ],
  );
}

function annotationsOf(declared: Annotations): string {
  return JSON.stringify(Object.values(known).map(({ name }) => declared[name] ?? null));
}
