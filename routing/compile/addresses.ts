import type { Gateway, Service } from "../objects.ts";
import { portKey } from "../resolve/object-index.ts";
import { bindPortOf } from "./servers.ts";

/** The ports and addresses that Gateways name, as the Gateways come and go. */
export class Addresses {
  readonly #service: Service | undefined;
  /** By the port that is bound and the address, how many servers have which {@link portKey} for it. */
  readonly #servers = new Map<string, Map<string, number>>();

  /** @param service - tells which ports are bound */
  constructor(service: Service | undefined) {
    this.#service = service;
  }

  /** Takes a Gateway's servers in, or out again. Gives the addresses that they are for. */
  count({ spec }: Gateway, by: 1 | -1): string[] {
    return spec.servers.map((server) => {
      const address = `${bindPortOf(server.port.number, this.#service)} ${server.bind ?? ""}`;
      const declared = this.#servers.get(address) ?? new Map<string, number>();
      const left = (declared.get(portKey(server)) ?? 0) + by;
      if (left > 0) this.#servers.set(address, declared.set(portKey(server), left));
      else if (declared.delete(portKey(server)) && declared.size === 0) this.#servers.delete(address);
      return address;
    });
  }

  /** The {@link portKey}s by which servers name an address. */
  declared(address: string): readonly string[] {
    return [...(this.#servers.get(address)?.keys() ?? [])].sort();
  }
}
