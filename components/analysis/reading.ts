import * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../../routing/assume/index.ts";
import { parseObject, type Message } from "../../routing/index.ts";
import { settled, unknown } from "./settled.ts";
import type { Declaration, ParsedDeclaration } from "./declaration.ts";

/** Declarations, as far as their values are known. */
export interface ReadDeclarations {
  readonly parsed: readonly ParsedDeclaration[];
  /** What is wrong with single objects. */
  readonly messages: readonly Message[];
  /** The components by the names that messages have for their objects, as far as Pulumi has registered them. */
  readonly resources: ReadonlyMap<string, pulumi.Resource>;
  /** Objects of which some values are not known. */
  readonly skipped: readonly Identity[];
  /** Objects of which some values must not be shown. */
  readonly secret: readonly Identity[];
  /** Their names. */
  readonly secrets: ReadonlySet<string>;
}

/** Reads declarations without waiting for anything that a deployment has to make first. */
export async function readDeclarations(declarations: readonly Declaration[]): Promise<ReadDeclarations> {
  const outputs = declarations.map(({ manifest }) => pulumi.output(manifest));
  const manifests = await settled(outputs);
  const secrecy = await settled(outputs.map((manifest) => pulumi.isSecret(manifest)));
  const urns = await settled(declarations.map(({ resource }) => resource?.urn));
  const parsed: ParsedDeclaration[] = [];
  const messages: Message[] = [];
  const resources = new Map<string, pulumi.Resource>();
  const skipped: Identity[] = [];
  const secret: Identity[] = [];
  for (const [index, { resource, identity, place }] of declarations.entries()) {
    const name = nameOf(identity);
    // Without a URN the log would wait for one, which the verdict may hold back.
    if (resource !== undefined && typeof urns[index] === "string") resources.set(name, resource);
    const manifest = manifests[index];
    if (manifest === unknown) {
      skipped.push(identity);
      continue;
    }
    if (secrecy[index] === true) secret.push(identity);
    const { object, messages: found } = parseObject(
      manifest,
      identity.existing === true ? {} : { reference: place ?? name },
    );
    if (object !== undefined) parsed.push({ object, own: resource !== undefined });
    messages.push(...found);
  }
  return { parsed, messages, resources, skipped, secret, secrets: new Set(secret.map(nameOf)) };
}

/** As messages call an object that names its namespace. */
function nameOf({ kind, namespace, name }: Identity): string {
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}
