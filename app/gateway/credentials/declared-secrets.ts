import { parseAllDocuments } from "yaml";
import { placeOf, type SecretData, type SecretSource } from "./secret.ts";

/** Secrets that stand in the configuration's own files, whatever their namespace. */
export class DeclaredSecrets implements SecretSource {
  changed: () => void = () => undefined;
  #secrets: ReadonlyMap<string, SecretData> = new Map();

  replace(secrets: readonly SecretData[]): void {
    this.#secrets = new Map(secrets.map((secret) => [secret.name, secret]));
    this.changed();
  }

  follow(): Promise<void> {
    return Promise.resolve();
  }

  get(name: string): SecretData | undefined {
    return this.#secrets.get(placeOf(name).name);
  }

  close(): void {
    this.#secrets = new Map();
  }
}

interface Declared extends Omit<SecretData, "name"> {
  readonly kind?: unknown;
  readonly metadata?: { readonly name?: string };
  readonly items?: readonly (Declared | null)[];
}

/** The Secrets of a YAML file. What is none is passed over, as is what cannot be read: whoever loads the rest of the configuration says so. */
export function secretsIn(text: string): SecretData[] {
  return parseAllDocuments(text).flatMap((document) =>
    document.errors.length > 0 ? [] : fromObject(document.toJS() as Declared | null),
  );
}

function fromObject(object: Declared | null): SecretData[] {
  if (object?.kind === "List") return (object.items ?? []).flatMap(fromObject);
  const name = object?.metadata?.name;
  if (object?.kind !== "Secret" || name === undefined) return [];
  return [{ name, data: object.data, stringData: object.stringData }];
}
