import assert from "node:assert/strict";
import { rename, writeFile } from "node:fs/promises";
import { manifests } from "../../app/support/manifests.ts";
import { freePort } from "../../app/support/ports.ts";
import { start, type Program } from "../../app/support/program.ts";
import { Folder } from "./folder.ts";

/** What the access log says of a connection. */
export interface LogLine {
  readonly listener: number;
  readonly reason: string;
  readonly bytes_received: number;
  readonly bytes_sent: number;
}

/** `tcp-ingress gateway` with one listener that leads to one server of this machine. */
export class Gateway implements AsyncDisposable {
  readonly port: number;
  readonly #program: Program;
  readonly #folder: Folder;
  #changes = 0;

  private constructor(port: number, program: Program, folder: Folder) {
    this.port = port;
    this.#program = program;
    this.#folder = folder;
  }

  /** @param server - port of the server on 127.0.0.1 */
  static async start(server: number): Promise<Gateway> {
    const folder = await Folder.create();
    const port = await freePort();
    await declare(folder, port, server);
    const args = ["gateway", "--config", folder.path, "--watch", "--workers", "2"];
    const program = start("cli/main.ts", args, { LOG_LEVEL: "info" });
    const gateway = new Gateway(port, program, folder);
    try {
      await program.line(/^\{"listeners"/);
    } catch (error) {
      await gateway[Symbol.asyncDispose]();
      throw error;
    }
    return gateway;
  }

  /** Leads new connections to another server. */
  async route(server: number): Promise<void> {
    await declare(this.#folder, this.port, server);
    await this.#program.line(/Configuration reloaded/, ++this.#changes);
  }

  /** Ends in good order, and gives the access log; to be called when no connection is left. */
  async end(): Promise<readonly LogLine[]> {
    this.#program.kill("SIGTERM");
    assert.deepEqual(await this.#program.exit, { code: 0, signal: null }, this.#program.stderr.join("\n"));
    return this.#program.stdout.slice(1).map((line) => JSON.parse(line) as LogLine);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** Writes the declarations in one step, as an editor does. */
async function declare(folder: Folder, port: number, server: number): Promise<void> {
  const path = folder.file("routes.yaml");
  await writeFile(`${path}.part`, manifests([{ port, subset: "v1" }], { v1: server }));
  await rename(`${path}.part`, path);
}
