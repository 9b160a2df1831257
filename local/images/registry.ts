import { createHash } from "node:crypto";

/** A blob that a registry has. */
export interface Blob {
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly size: number;
}

/** An image to push: its configuration without the layers' digests, and each layer as the bytes of a tar archive. */
export interface ImageSource {
  readonly architecture: "amd64" | "arm64";
  /** `config` of the OCI image configuration: Env, Cmd, User, … */
  readonly config: Readonly<Record<string, unknown>>;
  readonly layers: readonly { readonly createdBy: string; readonly content: AsyncIterable<Uint8Array> }[];
}

const mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  // Not compressed: the registry is on this machine, where time counts and space hardly does.
  layer: "application/vnd.oci.image.layer.v1.tar",
} as const;

/** One repository of a registry that is spoken to by plain HTTP, without credentials (OCI distribution specification 1.1). */
export class Repository {
  readonly #url: string;
  readonly #name: string;

  /** @param registry `HOST:PORT` */
  constructor(registry: string, name: string) {
    this.#url = `http://${registry}/v2/${name}`;
    this.#name = `${registry}/${name}`;
  }

  /** Digest of the manifest that a tag stands for; undefined when there is no such tag. */
  async digestOf(tag: string): Promise<string | undefined> {
    const response = await fetch(`${this.#url}/manifests/${tag}`, {
      method: "HEAD",
      headers: { accept: mediaTypes.manifest },
    });
    if (response.status === 404) return undefined;
    await this.#expect(response, "look for", tag);
    return response.headers.get("docker-content-digest") ?? undefined;
  }

  /**
   * Pushes an image. The same source makes the same digest.
   *
   * @returns the manifest's digest
   */
  async push(tag: string, image: ImageSource): Promise<string> {
    const layers: Blob[] = [];
    for (const { content } of image.layers) layers.push(await this.#pushBlob(content));
    const config = await this.#pushBlob([
      json({
        architecture: image.architecture,
        os: "linux",
        created: epoch,
        config: image.config,
        // A layer that is not compressed is its own "diff".
        rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
        history: image.layers.map(({ createdBy }) => ({ created: epoch, created_by: createdBy })),
      }),
    ]);
    const manifest = json({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: mediaTypes.config, ...config },
      layers: layers.map((layer) => ({ mediaType: mediaTypes.layer, ...layer })),
    });
    await this.#expect(
      await fetch(`${this.#url}/manifests/${tag}`, {
        method: "PUT",
        body: manifest,
        headers: { "content-type": mediaTypes.manifest },
      }),
      "push",
      tag,
    );
    return digestOf(manifest);
  }

  /** Uploads bytes whose digest is known only at their end. */
  async #pushBlob(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Blob> {
    const hash = createHash("sha256");
    let size = 0;
    const measured = async function* () {
      for await (const chunk of content) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    };
    const started = await this.#expect(
      await fetch(`${this.#url}/blobs/uploads/`, { method: "POST" }),
      "begin an upload to",
    );
    const sent = await this.#expect(
      await fetch(this.#location(started), {
        method: "PATCH",
        body: ReadableStream.from(measured()),
        duplex: "half",
        headers: { "content-type": "application/octet-stream" },
      }),
      "upload to",
    );
    const digest = `sha256:${hash.digest("hex")}`;
    const end = this.#location(sent);
    end.searchParams.set("digest", digest);
    await this.#expect(await fetch(end, { method: "PUT" }), "end an upload to");
    return { digest, size };
  }

  #location(response: Response): URL {
    const location = response.headers.get("location");
    if (location === null) throw new Error(`Cannot upload to ${this.#name} as the registry names no location`);
    return new URL(location, this.#url);
  }

  async #expect(response: Response, what: string, tag?: string): Promise<Response> {
    if (response.ok) return response;
    const name = tag === undefined ? this.#name : `${this.#name}:${tag}`;
    throw new Error(
      `Cannot ${what} ${name}: the registry answered ${String(response.status)} ${await response.text()}`,
    );
  }
}

/** A reproducible image is as old as time. */
const epoch = "1970-01-01T00:00:00Z";

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
