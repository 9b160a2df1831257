import { pino } from "pino";
import type { Clock } from "../../../app/gateway/clock.ts";
import { systemClock } from "../../../app/gateway/clock.ts";
import { Control, type ControlOptions } from "../../../app/gateway/control/control.ts";
import type { Message } from "../../../routing/message.ts";
import type { AnyObject } from "../../../routing/objects.ts";
import type { Snapshot } from "../../../routing/table.ts";
import type { FakeApiServer } from "./api-server.ts";

interface Published {
  readonly snapshot: Snapshot;
  readonly messages: readonly Message[];
  readonly declared: readonly AnyObject[];
}

/** The control of a gateway over a fake API server, with what it published. */
export class ControlRig implements Disposable {
  readonly control: Control;
  readonly published: Published[] = [];
  readonly rejected: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(server: FakeApiServer, options: Partial<ControlOptions> = {}, clock: Clock = systemClock) {
    this.control = new Control({
      api: server.client(),
      whoami: { namespace: "ingress", labels: { istio: "ingressgateway" }, service: "ingressgateway" },
      namespaces: [],
      clock,
      random: () => 0,
      logger: pino({ level: "silent" }),
      publish: (snapshot, messages, declared) => {
        this.published.push({ snapshot, messages, declared });
        for (const resolve of this.#waiting) resolve();
        this.#waiting.clear();
      },
      rejected: (resource) => this.rejected.push(resource),
      ...options,
    });
  }

  get last(): Published {
    const last = this.published.at(-1);
    if (last === undefined) throw new Error("Nothing is published yet");
    return last;
  }

  /** Port → subset → addresses, as of now. */
  get routes(): Record<number, Record<string, string[]>> {
    const { table, endpoints } = this.last.snapshot;
    return Object.fromEntries(
      table.listeners.map(({ port, chains: [chain] }) => [
        port,
        Object.fromEntries(
          chain.routes.flatMap(({ destinations }) =>
            destinations.map(({ cluster }) => [
              table.clusters.get(cluster)?.subset ?? "",
              (endpoints.get(cluster) ?? []).map(({ address }) => address),
            ]),
          ),
        ),
      ]),
    );
  }

  /** Waits until what is published fits. */
  async until(condition: () => boolean): Promise<void> {
    while (this.published.length === 0 || !condition())
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  [Symbol.dispose](): void {
    this.control.stop();
  }
}
