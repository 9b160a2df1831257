import type { GroupVersionKind } from "../object.ts";
import { apiVersionText } from "../object.ts";

/** The parts of a `meta.k8s.io/v1` Status that say what went wrong. */
export interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly kind?: string;
    readonly causes?: readonly { readonly reason?: string; readonly field?: string; readonly message?: string }[];
  };
}

/** The API server refused a request; the message is its own. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: Status;

  constructor(status: Status) {
    super(status.message ?? `The API server answered with status ${status.code ?? "unknown"}`);
    this.status = status;
  }
}

/** The API server knows no such kind: it was removed, or the custom resource's definition is not there (yet). */
export class NoMatchError extends Error {
  override readonly name = "NoMatchError";

  constructor(kind: GroupVersionKind) {
    super(`no matches for kind "${kind.kind}" in version "${apiVersionText(kind)}"`);
  }
}

const hasReason = (error: unknown, reason: string): error is ApiError =>
  error instanceof ApiError && error.status.reason === reason;

export const isNotFound = (error: unknown): error is ApiError => hasReason(error, "NotFound");
export const isAlreadyExists = (error: unknown): error is ApiError => hasReason(error, "AlreadyExists");
export const isConflict = (error: unknown): error is ApiError => hasReason(error, "Conflict");
export const isForbidden = (error: unknown): error is ApiError => hasReason(error, "Forbidden");
export const isInvalid = (error: unknown): error is ApiError => hasReason(error, "Invalid");
export const isNamespaceNotFound = (error: unknown): error is ApiError =>
  isNotFound(error) && error.status.details?.kind === "namespaces";
