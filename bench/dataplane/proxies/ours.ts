import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compile } from "../../../app/bundle/compile.ts";
import { readImageStart } from "../../gateway-image.ts";
import { backendPorts, listenerNames, type ListenerName, type Proxy, type Setting } from "./proxy.ts";

/** What `--engine` takes. */
export type EngineName = "auto" | "net" | "epoll";

export interface OursOptions {
  /** Node's own flags, such as those that write a profile, in which functions then have the names that they have in the sources. */
  readonly flags?: readonly string[];
  /** Endpoints of what echoes: addresses of the loopback network, all of which are the backend; by default the backend's own. */
  readonly endpoints?: number | undefined;
}

/** Our gateway with its own defaults (the access log is on), compiled and started as its image does. */
export function ours(engine: EngineName, { flags = [], endpoints }: OursOptions = {}): Proxy {
  return {
    family: "ours",
    async prepare(setting) {
      const file = join(setting.folder, "routes.json");
      await writeFile(
        file,
        JSON.stringify({
          apiVersion: "v1",
          kind: "List",
          items: manifests(setting, endpoints),
        }),
      );
      const program = await compileGateway(join(setting.folder, "program"), flags.length === 0);
      const image = await readImageStart();
      const args = [...flags, ...image.flags, program, file, engine, String(setting.workers)];
      return { command: process.execPath, args, env: { ...process.env, ...image.env } };
    },
  };
}

/** Gives its program. */
async function compileGateway(folder: string, minify: boolean): Promise<string> {
  const root = join(import.meta.dirname, "..", "..", "..");
  const programs = {
    main: join(import.meta.dirname, "gateway.ts"),
    worker: join(root, "app", "gateway", "engine", "workers", "worker.ts"),
  };
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  for (const [file, contents] of await compile(programs, { root, minify }))
    await writeFile(join(folder, file), contents);
  return join(folder, "main.js");
}

function manifests(setting: Setting, endpoints: number | undefined): unknown[] {
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "bench" },
    type: "kubernetes.io/tls",
    data: { "tls.crt": base64(setting.certificate), "tls.key": base64(setting.key) },
  };
  return [secret, ...listenerNames.flatMap((name) => route(setting, name, name === "echo" ? endpoints : undefined))];
}

function route({ address, ports, backend }: Setting, listener: ListenerName, endpoints: number | undefined): unknown[] {
  const [name, host] = [listener.toLowerCase(), `${listener.toLowerCase()}.bench`];
  const number = ports[listener];
  const terminates = listener.startsWith("tls");
  const port = { number, name, protocol: terminates ? "TLS" : "TCP" };
  const tls = terminates && { tls: { mode: "SIMPLE", credentialName: "bench" } };
  const policy = listener === "sendProxy" && { trafficPolicy: { proxyProtocol: { version: "V2" } } };
  return [
    object("Gateway", name, { servers: [{ port, bind: address, hosts: ["*"], ...tls }] }),
    object("VirtualService", name, {
      hosts: ["*"],
      gateways: [name],
      tcp: [{ match: [{ port: number }], route: [{ destination: { host } }] }],
    }),
    object("ServiceEntry", name, {
      hosts: [host],
      ports: [{ number: backendPorts[listener], name: "tcp", protocol: "TCP" }],
      resolution: "STATIC",
      location: "MESH_EXTERNAL",
      endpoints: addresses(backend, endpoints).map((endpoint) => ({ address: endpoint })),
    }),
    ...(policy === false ? [] : [object("DestinationRule", name, { host, ...policy })]),
  ];
}

function addresses(backend: string, count: number | undefined): readonly string[] {
  if (count === undefined) return [backend];
  return Array.from({ length: count }, (_, index) => `127.2.${index >> 8}.${index & 255}`);
}

function object(kind: string, name: string, spec: unknown): unknown {
  return { apiVersion: "networking.istio.io/v1", kind, metadata: { name }, spec };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
