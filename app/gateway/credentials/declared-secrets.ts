import { parseAllDocuments } from "yaml";
import type { SecretData, SecretSource } from "./secret.ts";

/** Secrets that stand in the configuration's own files. */
export class DeclaredSecrets implements SecretSource {
  changed: () => void = () => undefined;
  #secrets: ReadonlyMap<string, SecretData> = new Map();

  /** @param texts - YAML files; what is no Secret is passed over, as is what cannot be read: the loader of the configuration says so */
  replace(texts: readonly string[]): void {
    this.#secrets = new Map(texts.flatMap(secretsIn).map((secret) => [secret.name, secret]));
    this.changed();
  }

  follow(): Promise<void> {
    return Promise.resolve();
  }

  get(name: string): SecretData | undefined {
    return this.#secrets.get(name);
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

function secretsIn(text: string): SecretData[] {
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
