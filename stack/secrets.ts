import * as pulumi from "@pulumi/pulumi";

/** The SDK exports it, and leaves it out of its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/** Keys whose values are credentials, or may be, and go nowhere but to where they are needed, as secrets. The values of all others stand in objects and messages. */
const secretKeys: readonly string[] = ["kubeconfig", "registryPassword"];

/** Whether the stack's file has the key encrypted. */
export function isSecret(project: string, key: string): boolean {
  return isConfigSecret(`${project}:${key}`);
}

/** Whether a kubeconfig is a file's content, which holds credentials, and not its path: the provider takes either. */
export function isContent(kubeconfig: string): boolean {
  return kubeconfig.includes("\n") || kubeconfig.startsWith("{");
}

/** Credentials in plain text, which stand in a stack file's history for good, and secrets that would not be kept. */
export function* misplacedSecrets(config: pulumi.Config, keys: readonly string[]): Generator<string> {
  for (const key of keys) {
    const full = `${config.name}:${key}`;
    const value = config.get(key) ?? "";
    const secret = isSecret(config.name, key);
    if (secret && !secretKeys.includes(key)) {
      yield `${full} is a secret, and stands in plain text in what is made of it: pulumi config set it without --secret`;
    }
    const credential = key === "registryPassword" ? value !== "" : key === "kubeconfig" && isContent(value);
    if (credential && !secret) {
      yield `${full} stands in plain text and must be a secret: pulumi config set --secret ${key}`;
    }
  }
}
