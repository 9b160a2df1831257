import type { ClientFacts, Peer } from "../record.ts";
import { plainAddressText } from "./addresses.ts";
import { ADDRESS_SIZE, type Table } from "./table.ts";

const NO_PROTOCOLS: readonly string[] = [];

/** What is known of the clients: addresses are in the table, and whoever told more has an object of its own. */
export class Facts {
  readonly #table: Table;
  readonly #told = new Map<number, ClientFacts>();

  constructor(table: Table) {
    this.#table = table;
  }

  /** Facts that are for reading alone, as they may be forgotten again. */
  of(slot: number): Readonly<ClientFacts> {
    return this.#told.get(slot) ?? this.#fromTable(slot);
  }

  /** The address of whose connection it is. */
  clientAddress(slot: number): string {
    return (this.#told.get(slot)?.downstream ?? this.direct(slot)).address;
  }

  /** Facts that stay with the connection and may be added to. */
  keep(slot: number): ClientFacts {
    let facts = this.#told.get(slot);
    if (facts === undefined) this.#told.set(slot, (facts = this.#fromTable(slot)));
    return facts;
  }

  /** Facts with more than the table has; undefined: the table has all. */
  told(slot: number): ClientFacts | undefined {
    return this.#told.get(slot);
  }

  forget(slot: number): void {
    this.#told.delete(slot);
  }

  /** The other end of the client's socket. */
  direct(slot: number): Peer {
    const { addresses, ports } = this.#table;
    return { address: plainAddressText(addresses, ADDRESS_SIZE * slot), port: ports[slot] as number };
  }

  #fromTable(slot: number): ClientFacts {
    const { localAddresses, localPorts } = this.#table;
    const direct = this.direct(slot);
    return {
      downstream: direct,
      local: {
        address: plainAddressText(localAddresses, ADDRESS_SIZE * slot),
        port: localPorts[slot] as number,
      },
      direct,
      serverName: undefined,
      alpn: NO_PROTOCOLS,
      proxyProtocol: undefined,
      tls: undefined,
      uniqueId: undefined,
    };
  }
}
