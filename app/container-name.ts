/** The containers of this package, by their folder under `app/`. */
export type ContainerName = "gateway" | "tcp-echo";
