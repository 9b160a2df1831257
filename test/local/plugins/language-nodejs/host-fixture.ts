import { EventEmitter, once } from "node:events";
import { mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server as NetServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { credentials, type handleUnaryCall, Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { StartDebuggingRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languageProto, { type ProgramInfo } from "@pulumi/pulumi/proto/language_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { LanguageHost } from "../../../../local/plugins/language-nodejs/host.ts";

/** The repository, whose packages the programs under test use. */
export const repository = fileURLToPath(new URL("../../../../", import.meta.url));

/** A folder with the given files, by path, that goes away with the test. */
export class Folder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async of(files: Readonly<Record<string, string>>): Promise<Folder> {
    const folder = new Folder(await mkdtemp(join(tmpdir(), "language-nodejs-")));
    for (const [name, content] of Object.entries(files)) await folder.write(name, content);
    return folder;
  }

  /** A folder of a program that has its dependencies installed: the repository's. */
  static async withPackages(files: Readonly<Record<string, string>>): Promise<Folder> {
    const folder = await Folder.of(files);
    await symlink(join(repository, "node_modules"), join(folder.path, "node_modules"));
    return folder;
  }

  async write(name: string, content: string): Promise<void> {
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}

/** What a program under test tells the test, one line at a time, over a socket whose port is in its environment as `CONTROL`. */
export class Control implements AsyncDisposable {
  readonly port: number;
  readonly #server: NetServer;
  readonly #lines = new EventEmitter();

  private constructor(server: NetServer) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => {
      createInterface(socket).on("line", (line) => this.#lines.emit(line));
    });
  }

  static async listen(): Promise<Control> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Control(server);
  }

  async said(line: string): Promise<void> {
    await once(this.#lines, line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    return Promise.resolve();
  }
}

/** Source of a program that says `started`, and `interrupted` before SIGINT ends it with exit code 130. */
export const waitingProgram = `
const control = require("node:net").connect(Number(process.env.CONTROL), "127.0.0.1");
process.on("SIGINT", () => control.end("interrupted\\n", () => process.exit(130)));
control.write("started\\n");
`;

/** A host in this process, and a client as the engine has one. */
export class HostUnderTest implements AsyncDisposable {
  readonly client: LanguageRuntimeClient;
  readonly #host: LanguageHost;

  private constructor(host: LanguageHost) {
    this.#host = host;
    this.client = new LanguageRuntimeClient(`127.0.0.1:${host.port}`, credentials.createInsecure());
  }

  static async listen(engineAddress: string): Promise<HostUnderTest> {
    return new HostUnderTest(await LanguageHost.listen(engineAddress));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.#host[Symbol.asyncDispose]();
  }
}

/** An engine as far as a language host needs one: something to connect to, which is told of debuggers. */
export class FakeEngine implements AsyncDisposable {
  readonly address: string;
  /** The first debugger that the host has offered. */
  readonly debugger: Promise<StartDebuggingRequest>;
  readonly #server: Server;

  private constructor(server: Server, port: number, offered: Promise<StartDebuggingRequest>) {
    this.#server = server;
    this.address = `127.0.0.1:${port}`;
    this.debugger = offered;
  }

  static async listen(): Promise<FakeEngine> {
    const server = new Server();
    const offered = Promise.withResolvers<StartDebuggingRequest>();
    const startDebugging: handleUnaryCall<StartDebuggingRequest, unknown> = ({ request }, callback) => {
      offered.resolve(request);
      callback(null, new emptyProto.Empty());
    };
    server.addService(EngineService, { startDebugging });
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
    return new FakeEngine(server, await promise, offered.promise);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown();
    return Promise.resolve();
  }
}

/** What the engine says about a program in a folder. */
export function programInfo(directory: string, options: Record<string, string | boolean> = {}): ProgramInfo {
  return new languageProto.ProgramInfo()
    .setRootDirectory(directory)
    .setProgramDirectory(directory)
    .setEntryPoint(".")
    .setOptions(structProto.Struct.fromJavaScript(options));
}

/** Calls a method with a callback as a promise. */
export function answer<Response>(
  call: (callback: (error: Error | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
}
