import type { Server } from "node:http";
import { createAdminServer, listen, type Routes } from "./http.ts";

/** One address and what is served there. */
export interface AdminListen {
  readonly host: string | undefined;
  readonly port: number;
  readonly routes: Routes;
}

export interface AdminServers extends AsyncDisposable {
  /** The bound ports, in the order in which they were asked for. */
  readonly ports: readonly number[];
}

/** Binds all; rejects where one cannot be bound, and then leaves none. */
export async function serveAdmin(listens: readonly AdminListen[]): Promise<AdminServers> {
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(
      servers.map(async (server) => {
        server.closeAllConnections();
        if (server.listening) await new Promise((resolve) => server.close(resolve));
      }),
    );
  };
  const ports: number[] = [];
  for (const { host, port, routes } of listens) {
    const server = createAdminServer(routes);
    servers.push(server);
    try {
      ports.push(await listen(server, host, port));
    } catch (error) {
      await close();
      const reason =
        (error as NodeJS.ErrnoException).code === "EADDRINUSE"
          ? "another program holds the port"
          : (error as Error).message;
      throw new Error(`Cannot serve administration on ${host ?? "all addresses"}, port ${port}, as ${reason}`, {
        cause: error,
      });
    }
  }
  return { ports, [Symbol.asyncDispose]: close };
}
