import { join } from "node:path";

/** The repository's own folder. */
export const repository = join(import.meta.dirname, "..", "..");

/** Everything that the local commands keep in the repository, ignored by git. */
export const localFolder = join(repository, ".local");

/** State of the cluster that `npm run local` starts. */
export const clusterFolder = join(localFolder, "local");

/** State of stack `local`: backend, passphrase, composed configuration, logs. */
export const stackFolder = join(localFolder, "pulumi");
