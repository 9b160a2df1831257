/** The application that the gateway, its access and the routes are parts of. */
const application = "tcp-ingress";

/** The most that a label's value may have; names of objects may have more. */
const longest = 63;

/**
 * Labels that tools and policies know objects by: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 *
 * @param instance which of its kind, by the name of a gateway, of a route or the like; left out where it is too long for a label
 * @param name the application; `tcp-ingress` by default
 */
export function commonLabels(instance: string, name = application): Record<string, string> {
  return {
    "app.kubernetes.io/name": name,
    ...(instance.length > longest ? {} : { "app.kubernetes.io/instance": instance }),
  };
}
