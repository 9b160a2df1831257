import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { backendPorts, listenerNames, type ListenerName, type Proxy, type Setting } from "./proxy.ts";

const types = "type.googleapis.com/envoy.extensions";

/** Envoy with its own defaults, but for circuit breakers that would refuse what the others take. */
function envoy(program: string, only?: Proxy["only"]): Proxy {
  return {
    family: "envoy",
    ...(only && { only }),
    async prepare(setting) {
      const file = join(setting.folder, "envoy.json");
      const accessLog = only === "connections" ? join(setting.folder, "access.log") : undefined;
      await writeFile(file, JSON.stringify(configuration(setting, accessLog)));
      const args = [
        "-c",
        file,
        "--concurrency",
        String(setting.workers),
        "--disable-hot-restart",
        "--log-level",
        "error",
      ];
      return { command: program, args };
    },
  };
}

/** Envoy, and the same with an access log, as ours has. */
export function envoys(program: string): Readonly<Record<string, Proxy>> {
  return { envoy: envoy(program), envoy_log: envoy(program, "connections") };
}

function configuration(setting: Setting, accessLog: string | undefined): unknown {
  return {
    static_resources: {
      listeners: listenerNames.map((name) => listener(setting, name, accessLog)),
      clusters: listenerNames.map((name) => cluster(setting, name)),
    },
  };
}

function listener(setting: Setting, name: ListenerName, accessLog: string | undefined): unknown {
  return {
    name,
    address: socketAddress(setting.address, setting.ports[name]),
    filter_chains: [
      {
        ...(name.startsWith("tls") && { transport_socket: downstreamTls(setting) }),
        filters: [
          {
            name: "envoy.filters.network.tcp_proxy",
            typed_config: {
              "@type": `${types}.filters.network.tcp_proxy.v3.TcpProxy`,
              stat_prefix: name,
              cluster: name,
              ...(accessLog !== undefined && {
                access_log: [
                  {
                    name: "envoy.access_loggers.file",
                    typed_config: { "@type": `${types}.access_loggers.file.v3.FileAccessLog`, path: accessLog },
                  },
                ],
              }),
            },
          },
        ],
      },
    ],
  };
}

function cluster({ backend }: Setting, name: ListenerName): unknown {
  const limits = { max_connections: 100_000, max_pending_requests: 100_000, max_requests: 100_000 };
  return {
    name,
    type: "STATIC",
    connect_timeout: "5s",
    circuit_breakers: { thresholds: [limits] },
    ...(name === "sendProxy" && { transport_socket: sendProxy }),
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(backend, backendPorts[name]) } }] }],
    },
  };
}

const sendProxy = {
  name: "envoy.transport_sockets.upstream_proxy_protocol",
  typed_config: {
    "@type": `${types}.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport`,
    config: { version: "V2" },
    transport_socket: {
      name: "envoy.transport_sockets.raw_buffer",
      typed_config: { "@type": `${types}.transport_sockets.raw_buffer.v3.RawBuffer` },
    },
  },
};

function downstreamTls({ certificate, key }: Setting): unknown {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": `${types}.transport_sockets.tls.v3.DownstreamTlsContext`,
      common_tls_context: {
        tls_params: { tls_maximum_protocol_version: "TLSv1_3" },
        tls_certificates: [{ certificate_chain: { inline_string: certificate }, private_key: { inline_string: key } }],
      },
    },
  };
}

function socketAddress(address: string, port: number): unknown {
  return { socket_address: { address, port_value: port } };
}
