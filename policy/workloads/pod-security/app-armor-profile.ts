import { entries, part, pods, resourcePolicy, shown, type Piece, type Selector } from "../../kit/index.ts";
import { isSet } from "../is-set.ts";
import { securityContexts } from "./security-contexts.ts";

/** What is said of AppArmor in one place. */
interface Profile {
  readonly value: string | undefined;
  readonly allowed: boolean;
}

/** How it was said before Kubernetes 1.30, followed by a container's name. */
const annotationPrefix = "container.apparmor.security.beta.kubernetes.io/";

const profiles: Selector<Profile> = (resources) => [
  ...Iterator.from(securityContexts(resources, undefined)).map((piece) =>
    part(piece, ["appArmorProfile", "type"], ({ own }): Profile => {
      const profile = own?.appArmorProfile;
      return {
        value: profile?.type,
        allowed: !isSet(profile) || ["RuntimeDefault", "Localhost"].includes(profile.type),
      };
    }),
  ),
  ...Iterator.from(pods(resources, undefined)).flatMap((pod): Piece<Profile>[] =>
    entries(pod, ["metadata", "annotations"], ({ metadata }) => metadata?.annotations)
      .filter(({ path }) => String(path.at(-1)).startsWith(annotationPrefix))
      .map((piece) =>
        part(piece, [], ([, value]) => ({
          value,
          allowed: value === "" || value === "runtime/default" || value.startsWith("localhost/"),
        })),
      ),
  ),
];

/** check_appArmorProfile.go */
export const appArmorProfile = resourcePolicy({
  name: "appArmorProfile",
  description:
    "Pods must not turn off AppArmor, as it keeps a container that was broken into from the rest of its node",
  severity: "critical",
  level: "mandatory",
  over: profiles,
  check({ value, allowed }) {
    return allowed
      ? undefined
      : { is: shown(value), remedy: "leave it out or use the runtime's default or a localhost profile" };
  },
});
