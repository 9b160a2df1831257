import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { splitWords } from "./words.ts";

/** The package managers that `packagemanager` in a project file may name; `auto` goes by the lock file. */
export const packageManagers = ["auto", "npm", "yarn", "pnpm", "bun"] as const;

/** One of {@link packageManagers}. */
export type PackageManagerChoice = (typeof packageManagers)[number];

/**
 * What stands under `runtime: { name: nodejs, options: … }` in Pulumi.yaml, PulumiPolicy.yaml or PulumiPlugin.yaml
 * (https://www.pulumi.com/docs/iac/concepts/projects/project-file/#runtime-options).
 */
export interface RuntimeOptions {
  /** Load TypeScript by ts-node (the default); false leaves it to Node itself. */
  readonly typescript: boolean;
  /** Path of a tsconfig.json for ts-node, relative to the program. */
  readonly tsconfig: string | undefined;
  /** Arguments for Node, ahead of the program. */
  readonly nodeArguments: readonly string[];
  readonly packageManager: PackageManagerChoice;
  /** Leave devDependencies out when installing. */
  readonly production: boolean;
}

/** Where a program is and how it wants to be run: the engine's `ProgramInfo`. */
export interface Program {
  /** Folder of the project file. */
  readonly rootDirectory: string;
  /** Folder of the program: `main` of the project file, else the root. */
  readonly directory: string;
  /** What to run, relative to the folder; `.` leaves it to package.json. */
  readonly entryPoint: string;
  readonly options: RuntimeOptions;
}

interface ProgramInfo {
  getRootDirectory(): string;
  getProgramDirectory(): string;
  getEntryPoint(): string;
  getOptions(): Struct | undefined;
}

/**
 * Reads the program that a request is about.
 * @throws Error where the request has none (an engine before 3.90) or an option is of the wrong type
 */
export function readProgram(request: { getInfo(): ProgramInfo | undefined }): Program {
  const info = request.getInfo();
  if (!info)
    throw new Error("Cannot tell which program is meant as the request has no program info; use a newer engine");
  return {
    rootDirectory: info.getRootDirectory(),
    directory: info.getProgramDirectory(),
    entryPoint: info.getEntryPoint(),
    options: readOptions(info.getOptions()?.toJavaScript() ?? {}),
  };
}

/**
 * Checks runtime options and fills in their defaults; options of other runtimes are ignored.
 * @throws Error naming the option that is wrong
 */
export function readOptions(options: Readonly<Record<string, unknown>>): RuntimeOptions {
  const choice = text(options, "packagemanager") ?? "auto";
  const packageManager = packageManagers.find((name) => name === choice);
  if (!packageManager) {
    throw new Error(`Runtime option packagemanager must be one of ${packageManagers.join(", ")}, not ${choice}`);
  }
  return {
    typescript: flag(options, "typescript") ?? true,
    tsconfig: text(options, "tsconfig"),
    nodeArguments: splitWords(text(options, "nodeargs") ?? ""),
    packageManager,
    production: flag(options, "production") ?? false,
  };
}

/** What the SDK's launchers read from the environment. */
export function typescriptEnvironment({ typescript, tsconfig }: RuntimeOptions): Record<string, string> {
  return {
    ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(tsconfig && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}

function text(options: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = options[name];
  if (value === undefined || typeof value === "string") return value;
  throw new Error(`Runtime option ${name} must be a string, not ${JSON.stringify(value)}`);
}

function flag(options: Readonly<Record<string, unknown>>, name: string): boolean | undefined {
  const value = options[name];
  if (value === undefined || typeof value === "boolean") return value;
  throw new Error(`Runtime option ${name} must be true or false, not ${JSON.stringify(value)}`);
}
