import { isConflict } from "../api/error.ts";
import { AwaitError } from "../await/error.ts";

const conflictHelp =
  "server-side apply field conflict detected, see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources for troubleshooting help";

const alreadyExistsHelp = `

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use \`pulumi import\`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create.`;

export const withAlreadyExistsHelp = (message: string): string => message + alreadyExistsHelp;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The error's own message, and what else is wrong with the object. */
export const reasonsOf = (message: string, error: unknown): readonly string[] => [
  message,
  ...(error instanceof AwaitError ? error.reasons : []),
];

/** Names, in an apply's conflict, the manager that did not get its way, and where to read on; any other error stays as it is. */
export function explainConflict(error: unknown, fieldManager: string): unknown {
  if (!isConflict(error)) return error;
  const cause = `The resource managed by field manager "${fieldManager}" had an apply conflict: ${error.message}`;
  return new Error(`${conflictHelp}\n${cause}`, { cause: error });
}
