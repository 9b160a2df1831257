import protobuf from "google-protobuf";

/** One message of a build's, push's or pull's stream (moby/moby, pkg/jsonmessage), as far as it is read here. */
interface EngineMessage {
  readonly id?: string;
  readonly stream?: string;
  readonly status?: string;
  readonly progress?: string;
  readonly aux?: unknown;
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
}

/** What a message of the engine's tells. */
export interface OutputLine {
  /** For the user; may be of several lines, or empty. */
  readonly text: string;
  /** The ID of the image that was built. */
  readonly imageId?: string;
  /** The digest of the manifest that was pushed. */
  readonly digest?: string;
}

/**
 * Reads one message of the engine's stream.
 * @throws Error where the message is that the build, push or pull has failed
 */
export function readOutput(message: unknown): OutputLine {
  const { id, stream, status, progress, aux, error, errorDetail } = message as EngineMessage;
  if (error !== undefined || errorDetail) throw failure(errorDetail?.code, errorDetail?.message ?? error ?? "");
  if (typeof aux === "string") return { text: traceText(Buffer.from(aux, "base64")) };
  if (typeof aux === "object" && aux !== null) {
    if ("Digest" in aux) return { text: `Pushed image with digest ${String(aux.Digest)}`, digest: String(aux.Digest) };
    if ("ID" in aux && (id === undefined || id === "moby.image.id")) {
      return { text: `Built image with ID ${String(aux.ID)}`, imageId: String(aux.ID) };
    }
    return { text: "" };
  }
  return { text: stream ?? [status, progress].filter(Boolean).join(" ") };
}

/**
 * The words of a BuildKit trace: `StatusResponse` of moby/buildkit, api/services/control/control.proto, of which vertexes are the build's steps.
 */
function traceText(trace: Uint8Array): string {
  const lines: string[] = [];
  read(new protobuf.BinaryReader(trace), {
    1: (vertex) => {
      const step = texts(vertex, [1, 3, 7]);
      if (step[1]) lines.push(`digest: ${step[1]}`);
      if (step[3]) lines.push(step[3]);
      if (step[7]) lines.push(`error: ${step[7]}`);
    },
    2: (status) => lines.push(texts(status, [1])[1] ?? ""),
    3: (log) => lines.push((texts(log, [4])[4] ?? "").trimEnd()),
    4: (warning) => lines.push(texts(warning, [3])[3] ?? ""),
  });
  return lines.filter((line) => line !== "").join("\n");
}

function texts(message: protobuf.BinaryReader, fields: readonly number[]): Record<number, string> {
  const found: Record<number, string> = {};
  const keep = (field: number) => (reader: protobuf.BinaryReader) => {
    found[field] = Buffer.from(reader.readBytes()).toString("utf8");
  };
  read(message, {}, Object.fromEntries(fields.map((field) => [field, keep(field)])));
  return found;
}

type Handlers = Readonly<Record<number, (reader: protobuf.BinaryReader) => unknown>>;

/** Hands embedded messages and plain fields to who wants them, and skips the others. */
function read(reader: protobuf.BinaryReader, messages: Handlers, plain: Handlers = {}): void {
  while (reader.nextField()) {
    const field = reader.getFieldNumber();
    if (messages[field]) messages[field](new protobuf.BinaryReader(reader.readBytes()));
    else if (plain[field]) plain[field](reader);
    else reader.skipField();
  }
}

function failure(code: number | undefined, message: string): Error {
  if (code === 401) return new Error("authentication is required");
  if (message === "EOF") {
    return new Error(
      "EOF\n: This error is most likely due to incorrect or mismatched registry credentials. Please double check you are using the " +
        "correct credentials and registry name.",
    );
  }
  return new Error(message);
}
