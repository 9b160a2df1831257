export { type Severity, Engine } from "./engine.ts";
export { InitializationError, UnimplementedError } from "./errors.ts";
export * from "./property-value.ts";
export type * from "./resource-provider.ts";
export { type PluginContext, serve } from "./serve.ts";
export { decodeStruct, encodeStruct, fromJson, toJson, unknownString } from "./struct.ts";
