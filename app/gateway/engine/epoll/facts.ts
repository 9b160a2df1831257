import type { ClientFacts, Peer } from "../record.ts";
import { AddressTexts } from "./address-texts.ts";
import { ADDRESS_SIZE, type Table } from "./table.ts";

const NO_PROTOCOLS: readonly string[] = [];

/** What is known of the clients: addresses are in the table, and whoever told more has an object of its own. */
export class Facts {
  readonly #table: Table;
  readonly #texts = new AddressTexts();
  readonly #told = new Map<number, ClientFacts>();
  /** What was read from the table last, and of which slot: several ask for the same one after the other. */
  #read: ClientFacts | undefined;
  #readOf = -1;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Facts that are for reading alone, as they may be forgotten again. */
  of(slot: number): Readonly<ClientFacts> {
    const told = this.#told.get(slot);
    if (told !== undefined) return told;
    if (this.#read === undefined || this.#readOf !== slot) {
      this.#read = this.#fromTable(slot);
      this.#readOf = slot;
    }
    return this.#read;
  }

  /** The address of whose connection it is. */
  clientAddress(slot: number): string {
    return this.of(slot).downstream.address;
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
    if (this.#readOf === slot) this.#readOf = -1;
    this.#told.delete(slot);
  }

  /** The other end of the client's socket. */
  direct(slot: number): Peer {
    const { addresses, ports } = this.#table;
    return { address: this.#texts.of(addresses, ADDRESS_SIZE * slot), port: ports[slot] as number };
  }

  #fromTable(slot: number): ClientFacts {
    const { localAddresses, localPorts } = this.#table;
    const direct = this.direct(slot);
    return {
      downstream: direct,
      local: {
        address: this.#texts.of(localAddresses, ADDRESS_SIZE * slot),
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
