import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import languageProto, {
  type AboutResponse,
  type RuntimeOptionsRequest,
  type RuntimeOptionsResponse,
} from "@pulumi/pulumi/proto/language_pb.js";
import { choosePackageManager, type PackageManager } from "./package-manager.ts";
import { type Program, readProgram } from "./program.ts";

const { RuntimeOptionPrompt } = languageProto;

/** What `pulumi about` shows of the runtime. */
export async function about(program: Program): Promise<AboutResponse> {
  const manager = choosePackageManager(program.options.packageManager, program.directory);
  const response = new languageProto.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  const metadata = response.getMetadataMap();
  metadata.set("packagemanager", manager);
  const managerVersion = await packageManagerVersion(manager);
  if (managerVersion !== undefined) metadata.set("packagemanagerVersion", managerVersion);
  const typescript = typescriptVersion(program.directory);
  if (typescript !== undefined) metadata.set("typescriptVersion", typescript);
  return response;
}

/** What `pulumi new` asks, where the project file does not say it yet. */
export function runtimeOptionsPrompts(request: RuntimeOptionsRequest): RuntimeOptionsResponse {
  readProgram(request);
  const response = new languageProto.RuntimeOptionsResponse();
  const options = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  if ("packagemanager" in options) return response;
  const value = (name: PackageManager) =>
    new RuntimeOptionPrompt.RuntimeOptionValue()
      .setPrompttype(RuntimeOptionPrompt.RuntimeOptionType.STRING)
      .setStringvalue(name)
      .setDisplayname(name);
  const prompt = new RuntimeOptionPrompt()
    .setKey("packagemanager")
    .setDescription("The package manager to use for installing dependencies")
    .setPrompttype(RuntimeOptionPrompt.RuntimeOptionType.STRING)
    .setChoicesList((["npm", "pnpm", "yarn", "bun"] as const).map(value))
    .setDefault(value("npm"));
  response.addPrompts(prompt);
  return response;
}

async function packageManagerVersion(manager: PackageManager): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(manager, ["--version"])).stdout.trim();
  } catch {
    // `pulumi about` says what there is; one that is missing is no error.
    return undefined;
  }
}

function typescriptVersion(directory: string): string | undefined {
  try {
    const manifest: unknown = createRequire(join(directory, "package.json"))("typescript/package.json");
    return (manifest as { version: string }).version;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
