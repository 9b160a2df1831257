import type { PropertyMap } from "./property-value.ts";

/**
 * What a resource provider does, in the engine's own terms: `pulumirpc.ResourceProvider` with decoded properties. A method that is left out is
 * answered with the status UNIMPLEMENTED, as a Go provider that embeds `UnimplementedResourceProviderServer` does.
 */
export interface ResourceProvider {
  /** Semantic version without a `v`. */
  readonly version: string;
  /** The package schema as JSON. */
  getSchema?(): Promise<string>;
  checkConfig?(request: CheckRequest): Promise<CheckResponse>;
  diffConfig?(request: DiffRequest): Promise<DiffResponse>;
  configure(request: ConfigureRequest): Promise<ConfigureResponse>;
  invoke?(request: InvokeRequest): Promise<InvokeResponse>;
  check(request: CheckRequest): Promise<CheckResponse>;
  diff(request: DiffRequest): Promise<DiffResponse>;
  create(request: CreateRequest): Promise<CreateResponse>;
  read(request: ReadRequest): Promise<ReadResponse>;
  update(request: UpdateRequest): Promise<UpdateResponse>;
  delete(request: DeleteRequest): Promise<void>;
  construct?(request: ConstructRequest): Promise<never>;
}

/** What every request about one resource says. */
export interface ResourceRequest {
  readonly urn: string;
  /** The resource's name in the program, and its type token. */
  readonly name: string;
  readonly type: string;
}

export interface ConfigureRequest {
  readonly args: PropertyMap;
  readonly acceptSecrets: boolean;
  readonly urn: string;
}

/** What the engine may send and expect after Configure. */
export interface ConfigureResponse {
  readonly acceptSecrets?: boolean;
  readonly acceptResources?: boolean;
  readonly acceptOutputs?: boolean;
  readonly supportsPreview?: boolean;
  readonly supportsAutonamingConfiguration?: boolean;
}

/** How the user's autonaming configuration wants the resource's name: as a proposal, as an order, or none at all. */
export interface Autonaming {
  readonly proposedName: string;
  readonly mode: "propose" | "enforce" | "disable";
}

export interface CheckRequest extends ResourceRequest {
  readonly olds: PropertyMap;
  readonly news: PropertyMap;
  /** The seed of everything random in a name, or empty. */
  readonly randomSeed: Uint8Array;
  readonly autonaming: Autonaming | undefined;
}

/** A property that is wrong and why; a failure stops the resource's operation. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckResponse {
  readonly inputs: PropertyMap;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  /** The old state (outputs), the new inputs, the old inputs. */
  readonly olds: PropertyMap;
  readonly news: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly ignoreChanges: readonly string[];
}

export type PropertyDiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface PropertyDiff {
  readonly kind: PropertyDiffKind;
  /** Whether the difference is between old and new inputs, rather than old state and new inputs. */
  readonly inputDiff?: boolean;
}

export interface DiffResponse {
  /** Whether anything differs; left out where the provider leaves the question to the engine. */
  readonly changes?: "none" | "some";
  /** Properties of which a change needs a replacement; empty: the resource is updated in place. */
  readonly replaces?: readonly string[];
  readonly stables?: readonly string[];
  readonly diffs?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** By property path; left out where the provider does not know details. */
  readonly detailedDiff?: ReadonlyMap<string, PropertyDiff>;
  /** Whether the engine should take `detailedDiff` as the whole truth. */
  readonly hasDetailedDiff?: boolean;
}

export interface InvokeRequest {
  readonly token: string;
  readonly args: PropertyMap;
}

export interface InvokeResponse {
  readonly result: PropertyMap;
  readonly failures?: readonly CheckFailure[];
}

export interface CreateRequest extends ResourceRequest {
  readonly properties: PropertyMap;
  /** Seconds; 0 where the user has not said. */
  readonly timeout: number;
  readonly preview: boolean;
}

export interface CreateResponse {
  /** Empty in a preview. */
  readonly id: string;
  readonly properties: PropertyMap;
}

export interface ReadRequest extends ResourceRequest {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap;
}

export interface ReadResponse {
  /** Empty: the resource is gone. */
  readonly id: string;
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap;
}

export interface UpdateRequest extends ResourceRequest {
  readonly id: string;
  readonly olds: PropertyMap;
  readonly news: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly ignoreChanges: readonly string[];
  readonly timeout: number;
  readonly preview: boolean;
}

export interface UpdateResponse {
  readonly properties: PropertyMap;
}

export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly timeout: number;
}

export interface ConstructRequest {
  readonly type: string;
  readonly name: string;
}
