import { createRequire } from "node:module";
import type {
  EnforcementLevel,
  ResourceValidationPolicy,
  Severity,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import type { Policy } from "../../../policy/kit/index.ts";

/** A resource as a program declares it. */
export interface TestResource {
  /** Pulumi's type token: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Its properties; {@link unknown} and {@link secret} may stand anywhere. */
  readonly props: object;
  /** Pulumi's name; `test` by default. */
  readonly name?: string;
  readonly protect?: boolean;
  /** The settings of its provider: `namespace`, `context`. */
  readonly provider?: Readonly<Record<string, string>>;
}

/** What the engine would be told. */
export interface Verdict {
  /** What the policy found, or could not decide on; without the description, which the engine shows first. */
  readonly message: string;
  readonly level: "advisory" | "mandatory";
  readonly severity: Severity;
  /** The Pulumi name of the resource that it is about; undefined: the stack. */
  readonly resource: string | undefined;
}

/** A policy's config as `policy/STACK.json` would have it. */
export type TestConfig = Readonly<Record<string, unknown>> & { readonly enforcementLevel?: EnforcementLevel };

/** A value that a preview can't know (Pulumi's sentinel for an unknown string). */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A secret value, as Pulumi marks it on the wire. */
export function secret(value: unknown): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** Judges resources by a policy, through what @pulumi/policy serves the engine with: each by itself for a resource policy, all of them for a stack policy. */
export async function judge(
  policy: Policy,
  resources: TestResource | readonly TestResource[],
  config: TestConfig = {},
): Promise<Verdict[]> {
  const list = [resources].flat() as readonly TestResource[];
  if ("validateStack" in policy.pulumi) {
    const analyze = server.makeAnalyzeStackRpcFun("pack", "1.0.0", "advisory", [configured(policy, config)]);
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(list.map((resource) => fill(new proto.AnalyzerResource(), resource)));
    return verdicts(policy, await call<proto.AnalyzeResponse>(analyze, request));
  }
  const analyze = server.makeAnalyzeRpcFun("pack", "1.0.0", "advisory", [configured(policy, config)]);
  const answers = [];
  for (const resource of list) {
    answers.push(
      verdicts(policy, await call<proto.AnalyzeResponse>(analyze, fill(new proto.AnalyzeRequest(), resource))),
    );
  }
  return answers.flat();
}

/** The messages of {@link judge} alone. */
export async function messages(...of: Parameters<typeof judge>): Promise<string[]> {
  return (await judge(...of)).map(({ message }) => message);
}

/** Whether a policy has anything to judge in some resources. */
export async function applies(policy: Policy, resource: TestResource): Promise<boolean> {
  const analyze = server.makeAnalyzeRpcFun("pack", "1.0.0", "advisory", [policy.pulumi]);
  const answer = await call<proto.AnalyzeResponse>(analyze, fill(new proto.AnalyzeRequest(), resource));
  return answer.getNotApplicableList().length === 0;
}

/** What the level `remediate` makes of a resource's properties: as they go back to the engine, secrets and unknown values marked; undefined where nothing was changed. */
export async function remediate(
  policy: Policy,
  resource: TestResource,
  config: TestConfig = {},
): Promise<object | undefined> {
  const run = server.makeRemediateRpcFun("pack", "1.0.0", "advisory", [
    configured(policy, { ...config, enforcementLevel: "remediate" }),
  ]);
  const answer = await call<proto.RemediateResponse>(run, fill(new proto.AnalyzeRequest(), resource));
  const [remediation] = answer.getRemediationsList();
  if (remediation === undefined) return undefined;
  if (remediation.getDiagnostic() !== "") throw new Error(remediation.getDiagnostic());
  return remediation.getProperties()?.toJavaScript();
}

type Handler = (call: { request: unknown }, callback: (error: Error | null, answer?: unknown) => void) => void;
type MakeHandler = (
  pack: string,
  version: string,
  level: EnforcementLevel,
  policies: (ResourceValidationPolicy | StackValidationPolicy)[],
) => Handler;

/** What answers the engine's calls: internal to @pulumi/policy, and so without types. */
const server = createRequire(import.meta.url)("@pulumi/policy/server.js") as Readonly<
  Record<"makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun" | "makeRemediateRpcFun", MakeHandler>
>;

function call<T>(handler: Handler, request: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    handler({ request }, (error, answer) => (error ? reject(error) : resolve(answer as T)));
  });
}

/** The policy with a config, which reaches it from a running server alone otherwise. */
function configured(
  { pulumi }: Policy,
  { enforcementLevel = pulumi.enforcementLevel ?? "advisory", ...config }: TestConfig,
): ResourceValidationPolicy | StackValidationPolicy {
  const withConfig = <A extends Pick<StackValidationArgs, "getConfig">>(args: A) => ({
    ...args,
    getConfig: <T extends object>() => config as T,
  });
  if ("validateStack" in pulumi) {
    return {
      ...pulumi,
      enforcementLevel,
      validateStack: (args, report) => pulumi.validateStack(withConfig(args), report),
    };
  }
  const { validateResource, remediateResource } = pulumi;
  if (typeof validateResource !== "function") throw new Error(`Policy ${pulumi.name} judges nothing`);
  return {
    ...pulumi,
    enforcementLevel,
    validateResource: (args, report) => validateResource(withConfig(args), report),
    ...(remediateResource === undefined ? {} : { remediateResource: (args) => remediateResource(withConfig(args)) }),
  };
}

function fill<R extends proto.AnalyzeRequest | proto.AnalyzerResource>(
  request: R,
  { type, props, name = "test", protect = false, provider: settings }: TestResource,
): R {
  request.setType(type);
  request.setName(name);
  request.setUrn(urnOf(type, name));
  request.setProperties(structProto.Struct.fromJavaScript(plain(props)));
  request.setOptions(new proto.AnalyzerResourceOptions().setProtect(protect));
  if (settings !== undefined) {
    const provider = new proto.AnalyzerProviderResource();
    provider.setType("pulumi:providers:kubernetes");
    provider.setName("provider");
    provider.setUrn(urnOf("pulumi:providers:kubernetes", "provider"));
    provider.setProperties(structProto.Struct.fromJavaScript(plain(settings)));
    request.setProvider(provider);
  }
  return request;
}

/** What has a JSON form: `undefined` properties are left out, as Pulumi does. */
function plain(props: object): Record<string, structProto.JavaScriptValue> {
  return JSON.parse(JSON.stringify(props)) as Record<string, structProto.JavaScriptValue>;
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:test::project::${type}::${name}`;
}

function verdicts({ description }: Policy, answer: proto.AnalyzeResponse): Verdict[] {
  return answer.getDiagnosticsList().map((diagnostic) => {
    const level = diagnostic.getEnforcementlevel();
    const message = diagnostic.getMessage();
    const lead = `${description}\n`;
    return {
      message: message.startsWith(lead) ? message.slice(lead.length) : message,
      level: level === proto.EnforcementLevel.MANDATORY ? "mandatory" : "advisory",
      severity: severityOf(diagnostic.getSeverity()),
      resource: diagnostic.getUrn() === "" ? undefined : diagnostic.getUrn().split("::").at(-1),
    };
  });
}

function severityOf(severity: proto.PolicySeverity): Severity {
  switch (severity) {
    case proto.PolicySeverity.POLICY_SEVERITY_LOW:
      return "low";
    case proto.PolicySeverity.POLICY_SEVERITY_MEDIUM:
      return "medium";
    case proto.PolicySeverity.POLICY_SEVERITY_HIGH:
      return "high";
    case proto.PolicySeverity.POLICY_SEVERITY_CRITICAL:
      return "critical";
    case proto.PolicySeverity.POLICY_SEVERITY_UNSPECIFIED:
      throw new Error("A violation has no severity");
  }
}
