import { exposure } from "./exposure/index.ts";
import { hygiene } from "./hygiene/index.ts";
import { images } from "./images/index.ts";
import type { Policy } from "./kit/index.ts";
import { routing } from "./routing/index.ts";
import { workloads } from "./workloads/index.ts";

/** The pack's policies by what they are about. */
export const groups = { routing, workloads, images, exposure, hygiene } as const satisfies Readonly<
  Record<string, readonly Policy[]>
>;

/** Every policy of the pack. */
export const policies: readonly Policy[] = Object.values(groups).flat();
