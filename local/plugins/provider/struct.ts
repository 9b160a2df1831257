import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct, Value } from "google-protobuf/google/protobuf/struct_pb.js";
import {
  type PropertyMap,
  type PropertyValue,
  isPropertyArray,
  Output,
  Secret,
  Special,
  Unknown,
} from "./property-value.ts";

/** The key that marks an object as something else than an object (sdk/go/common/resource/sig). */
export const signatureKey = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
export const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** What stands on the wire for a value that is not known yet, one for each type it may come to have (sdk/go/common/resource/plugin/rpc.go). */
const unknownMarkers: ReadonlySet<string> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The marker that a string, or a value of a type not yet known, has on the wire. */
export const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Reads a message's properties; an absent struct is an empty one, as protocol buffers have it. */
export function decodeStruct(struct: Struct | undefined): PropertyMap {
  return struct === undefined ? {} : decodeFields(struct);
}

/** Writes properties into a message. */
export function encodeStruct(properties: PropertyMap): Struct {
  const struct = new structs.Struct();
  const fields = struct.getFieldsMap();
  for (const [name, value] of Object.entries(properties)) fields.set(name, encodeValue(value));
  return struct;
}

function decodeFields(struct: Struct): PropertyMap {
  const entries: [string, PropertyValue][] = [];
  struct.getFieldsMap().forEach((value, name) => entries.push([name, decodeValue(value)]));
  return Object.fromEntries(entries);
}

function decodeValue(value: Value): PropertyValue {
  switch (value.getKindCase()) {
    case structs.Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case structs.Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case structs.Value.KindCase.STRING_VALUE: {
      const text = value.getStringValue();
      return unknownMarkers.has(text) ? new Unknown(text) : text;
    }
    case structs.Value.KindCase.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map(decodeValue);
    case structs.Value.KindCase.STRUCT_VALUE:
      return decodeObject(decodeStruct(value.getStructValue()));
    default:
      return null;
  }
}

function decodeObject(fields: PropertyMap): PropertyValue {
  const { [signatureKey]: signature, ...rest } = fields;
  if (typeof signature !== "string") return fields;
  if (signature === secretSignature) return new Secret(rest.value ?? null);
  if (signature !== outputSignature) return new Special(signature, rest);
  const dependencies = isPropertyArray(rest.dependencies)
    ? rest.dependencies.filter((dependency) => typeof dependency === "string")
    : [];
  return new Output(rest.value, rest.secret === true, dependencies);
}

function encodeValue(value: PropertyValue): Value {
  const encoded = new structs.Value();
  if (value === null) return encoded.setNullValue(structs.NullValue.NULL_VALUE);
  if (typeof value === "boolean") return encoded.setBoolValue(value);
  if (typeof value === "number") return encoded.setNumberValue(value);
  if (typeof value === "string") return encoded.setStringValue(value);
  if (value instanceof Unknown) return encoded.setStringValue(value.marker);
  if (isPropertyArray(value))
    return encoded.setListValue(new structs.ListValue().setValuesList(value.map(encodeValue)));
  return encoded.setStructValue(encodeStruct(encodeObject(value)));
}

function encodeObject(value: PropertyMap | Secret | Output | Special): PropertyMap {
  if (value instanceof Secret) return { [signatureKey]: secretSignature, value: value.value };
  if (value instanceof Special) return { [signatureKey]: value.signature, ...value.fields };
  if (value instanceof Output)
    return {
      [signatureKey]: outputSignature,
      ...(value.value === undefined ? {} : { value: value.value }),
      ...(value.secret ? { secret: true } : {}),
      ...(value.dependencies.length > 0 ? { dependencies: value.dependencies } : {}),
    };
  return value;
}

/** Reads a value from the JSON that a state file or a gRPC log holds, where Pulumi's own values stand as marked objects. */
export function fromJson(json: unknown): PropertyValue {
  return decodeValue(structs.Value.fromJavaScript(json as Parameters<typeof structs.Value.fromJavaScript>[0]));
}

/** The JSON that a state file or a gRPC log would hold for a value. */
export function toJson(value: PropertyValue): unknown {
  return encodeValue(value).toJavaScript();
}
