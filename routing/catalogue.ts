/** Every message that there is: what it is called, how bad it is, what it means and how to mend it. */
import type { CatalogueEntry } from "./catalogue/entry.ts";
import { istioEntries } from "./catalogue/istio.ts";
import { ownEntries } from "./catalogue/own.ts";
import type { Level, Message } from "./message.ts";

export type { CatalogueEntry };

export type Code = (typeof istioEntries | typeof ownEntries)[number]["code"];

/** All messages by code. */
export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  [...istioEntries, ...ownEntries].map((entry) => [entry.code, entry]),
);

/** Makes a message of the catalogue's code and name, with its level unless another one is given. */
export function messageOf(
  code: Code,
  about: { readonly resource: string; readonly reference?: string | undefined; readonly level?: Level },
  text: string,
): Message {
  const entry = catalogue.get(code) as CatalogueEntry;
  return {
    code,
    level: about.level ?? entry.level,
    name: entry.name,
    resource: about.resource,
    message: text,
    ...(about.reference === undefined ? {} : { reference: about.reference }),
    documentationUrl: documentationUrl(code),
  };
}

/** Where a code is explained: Istio's own page, or ours. */
export function documentationUrl(code: string): string {
  return code.startsWith("IST")
    ? `https://istio.io/latest/docs/reference/config/analysis/${code.toLowerCase()}/`
    : `docs/messages.md#${code.toLowerCase()}`;
}
