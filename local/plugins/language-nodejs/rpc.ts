import type { Readable } from "node:stream";
import { type handleServerStreamingCall, type handleUnaryCall, type ServerWritableStream, status } from "@grpc/grpc-js";

/** Makes a gRPC method of a function; what it throws becomes the call's error, as text. */
export function unary<Request, Response>(
  answer: (request: Request, cancelled: AbortSignal) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const cancelled = new AbortController();
    call.on("cancelled", () => cancelled.abort());
    Promise.resolve()
      .then(() => answer(call.request, cancelled.signal))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(serviceError(error)),
      );
  };
}

/** Makes a streaming gRPC method of a function that writes to the call; the stream ends when its promise does. */
export function streaming<Request, Response>(
  answer: (call: ServerWritableStream<Request, Response>, cancelled: AbortSignal) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    const cancelled = new AbortController();
    call.on("cancelled", () => cancelled.abort());
    answer(call, cancelled.signal).then(
      () => call.end(),
      (error: unknown) => call.emit("error", serviceError(error)),
    );
  };
}

/** Copies a child's output into a streaming call, no faster than the other side reads. */
export async function forward<Response>(
  output: Readable,
  call: ServerWritableStream<unknown, Response>,
  message: (bytes: Uint8Array) => Response,
): Promise<void> {
  const cancelled = new Promise((resolve) => call.once("cancelled", resolve));
  for await (const chunk of output as AsyncIterable<Buffer>) {
    if (call.cancelled) continue;
    if (call.write(message(new Uint8Array(chunk)))) continue;
    await Promise.race([new Promise((resolve) => call.once("drain", resolve)), cancelled]);
  }
}

/** An error of a call that was passed on keeps its code, as callers tell by `UNIMPLEMENTED` what the other side can't do. */
function serviceError(error: unknown): { code: status; details: string } {
  const { code, details } = error as Partial<{ code: unknown; details: unknown }>;
  if (typeof code === "number" && typeof details === "string") return { code, details };
  return { code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}
