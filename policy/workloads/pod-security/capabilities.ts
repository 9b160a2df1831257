import { containers, parts, type Container, type Selector } from "../../kit/index.ts";

/** A capability that a container adds. */
export interface Added {
  readonly capability: string;
  readonly of: Container;
}

/** Every capability that a container adds. */
export const addedCapabilities: Selector<Added> = (resources) =>
  Iterator.from(containers(resources, undefined)).flatMap((container) =>
    parts(
      container,
      ["securityContext", "capabilities", "add"],
      (of) => of.container.securityContext?.capabilities?.add,
    ).map((piece) => ({ ...piece, read: () => ({ capability: piece.read(), of: container.read() }) })),
  );
