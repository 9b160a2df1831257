import { access, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { backendPorts, listenerNames, type ListenerName, type Proxy, type Setting } from "./proxy.ts";

/** What nginx 1.22's stream module has not got: it sends PROXY headers of version 1 alone. */
const lacks: readonly ListenerName[] = ["sendProxy"];

/** nginx with its own defaults but for what is said. It flushes what it has when one side has ended, and only with `proxy_half_close` waits for the other. */
function nginx(program: string, stream: readonly string[] = [], only?: Proxy["only"]): Proxy {
  return {
    family: "nginx",
    lacks,
    ...(only && { only }),
    async prepare(setting) {
      const { folder } = setting;
      const file = join(folder, "nginx.conf");
      await writeFile(join(folder, "tls.crt"), setting.certificate);
      await writeFile(join(folder, "tls.key"), setting.key);
      await writeFile(file, configuration(setting, await streamModule(program), stream));
      return { command: program, args: ["-c", file, "-e", join(folder, "error.log")] };
    },
  };
}

/** nginx in all that might be its best: buffers of 16 KiB (its default) and of 64 KiB; and with an access log, as ours has. */
export function nginxes(program: string): Readonly<Record<string, Proxy>> {
  const log = [
    "log_format line '$time_iso8601 $remote_addr $status $bytes_sent $session_time $upstream_addr';",
    "access_log access.log line;",
  ];
  return {
    nginx: nginx(program),
    nginx_64k: nginx(program, ["proxy_buffer_size 64k;"], "streams"),
    nginx_log: nginx(program, log, "connections"),
  };
}

/** Debian's packages as they are installed, or unpacked: then `bin` is beside `root`. */
async function streamModule(program: string): Promise<string> {
  const path = "usr/lib/nginx/modules/ngx_stream_module.so";
  for (const module of [join(dirname(program), "..", "root", path), join("/", path)]) {
    const found = await access(module).then(
      () => true,
      () => false,
    );
    if (found) return module;
  }
  throw new Error(`Cannot find nginx's stream module beside ${program}: install libnginx-mod-stream`);
}

function configuration(setting: Setting, module: string, stream: readonly string[]): string {
  const { folder, workers } = setting;
  return `load_module ${module};
user root;
worker_processes ${workers};
worker_rlimit_nofile 20000;
daemon off;
pid ${join(folder, "nginx.pid")};
error_log ${join(folder, "error.log")};
events { worker_connections 19900; }
stream {
  proxy_timeout 1h;
  proxy_half_close on;
  ssl_certificate ${join(folder, "tls.crt")};
  ssl_certificate_key ${join(folder, "tls.key")};
  ssl_protocols TLSv1.2 TLSv1.3;
  ${stream.join("\n  ").replace("access.log", join(folder, "access.log"))}
${listenerNames
  .filter((name) => !lacks.includes(name))
  .map((name) => server(setting, name))
  .join("")}}
`;
}

function server({ address, ports, backend, workers }: Setting, name: ListenerName): string {
  const tls = name.startsWith("tls") ? " ssl" : "";
  // A socket for each worker, or one of them takes nearly all connections.
  const shared = workers > 1 ? " reuseport" : "";
  return `  server { listen ${address}:${ports[name]}${tls}${shared} backlog=4096; proxy_pass ${backend}:${backendPorts[name]}; }\n`;
}
