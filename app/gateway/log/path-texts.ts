import type { Path } from "../describe.ts";

interface PathText extends Pick<Path, "listener" | "gateway" | "cluster"> {
  readonly text: string;
}

/** Stands for a rule or an endpoint where there is none. */
const NONE = {};

/** What is said of the ways that connections go, each made once: the last one of a rule and endpoint is known, and few go from there by more than one listener. */
export class PathTexts {
  readonly #make: (path: Path) => string;
  readonly #known = new WeakMap<object, WeakMap<object, PathText>>();

  constructor(make: (path: Path) => string) {
    this.#make = make;
  }

  of(path: Path): string {
    const { listener, gateway, route = NONE, cluster, endpoint = NONE } = path;
    let byEndpoint = this.#known.get(route);
    if (byEndpoint === undefined) this.#known.set(route, (byEndpoint = new WeakMap()));
    let known = byEndpoint.get(endpoint);
    if (known?.listener !== listener || known.gateway !== gateway || known.cluster !== cluster)
      byEndpoint.set(endpoint, (known = { listener, gateway, cluster, text: this.#make(path) }));
    return known.text;
  }
}
