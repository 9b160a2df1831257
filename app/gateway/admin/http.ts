import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What is served under one method and path. */
export type Handler = (request: IncomingMessage, query: URLSearchParams) => Reply | Promise<Reply>;

/** By `METHOD /path`. */
export type Routes = Readonly<Record<string, Handler>>;

/** A client gets that many milliseconds to send its request. */
const REQUEST_TIMEOUT = 5000;

export const text = (status: number, body: string): Reply => ({
  status,
  contentType: "text/plain; charset=utf-8",
  body: `${body}\n`,
});

export const json = (value: unknown, status = 200): Reply => ({
  status,
  contentType: "application/json",
  body: `${JSON.stringify(value, undefined, 2)}\n`,
});

export const html = (body: string): Reply => ({ status: 200, contentType: "text/html; charset=utf-8", body });

/** A small HTTP server. HEAD is answered as GET is. */
export function createAdminServer(routes: Routes): Server {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT, headersTimeout: REQUEST_TIMEOUT },
    (request, response) => {
      answer(routes, request)
        .catch((error: unknown) => text(500, error instanceof Error ? error.message : String(error)))
        .then(({ status, contentType, body }) => {
          response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" });
          response.end(request.method === "HEAD" ? undefined : body);
        }, response.destroy.bind(response));
    },
  );
  return server;
}

async function answer(routes: Routes, request: IncomingMessage): Promise<Reply> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  const handler = routes[`${method} ${pathname}`];
  if (handler !== undefined) return await handler(request, searchParams);
  const known = Object.keys(routes);
  const allowed = known
    .filter((route) => route.endsWith(` ${pathname}`))
    .map((route) => route.slice(0, route.indexOf(" ")));
  return allowed.length > 0
    ? text(405, `Use ${allowed.join(" or ")} for ${pathname}`)
    : text(404, `Nothing is at ${pathname}. There is: ${known.join(", ")}`);
}

/** Resolves with the port, or rejects with why it could not be bound. */
export function listen(server: Server, host: string | undefined, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.removeListener("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
