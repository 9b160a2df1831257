import type { Connection, ConnectionRecord, EndpointTransfer, Transfer } from "../../engine/record.ts";
import { responseFlags, type ResponseFlag } from "../../engine/record.ts";
import type { Instruments } from "./instruments.ts";
import { istioLabelNames, istioLabels, type Identity, type IstioLabels } from "./istio-labels.ts";

interface Series {
  readonly labels: IstioLabels;
  /** Names of the clusters that it counts for. */
  readonly clusters: Set<string>;
  opened: number;
  closed: number;
  sent: number;
  received: number;
}

/** Stands for the cluster where none was drawn. */
const NO_CLUSTER = {};

type Counted = "opened" | "closed" | "sent" | "received";

/** Istio's metrics of TCP connections, by its names and labels. */
export class IstioMetrics {
  readonly #identity: Identity;
  /** By all of their labels. */
  readonly #series = new Map<string, Series>();
  /** The same, by cluster, pod and response flag: the cluster itself, as its name may stand for another subset in another snapshot. */
  #found = new WeakMap<object, Map<string | undefined, Map<ResponseFlag, Series>>>();

  constructor(identity: Identity, instruments: Instruments) {
    this.#identity = identity;
    const counter = (name: string, help: string, counted: Counted): void =>
      instruments.counter(name, help, istioLabelNames, (put) => {
        for (const series of this.#series.values()) put(series.labels, series[counted]);
      });
    counter("istio_tcp_connections_opened_total", "Connections opened, refused ones among them", "opened");
    counter("istio_tcp_connections_closed_total", "Connections closed, refused ones among them", "closed");
    counter("istio_tcp_sent_bytes_total", "Bytes sent to clients", "sent");
    counter("istio_tcp_received_bytes_total", "Bytes received from clients", "received");
  }

  opened(connection: Connection): void {
    this.#of(connection, "-").opened++;
  }

  closed(record: ConnectionRecord): void {
    const series = this.#of(record, responseFlags[record.reason]);
    // Who was refused was never told to be open.
    if (record.connectDuration === undefined) series.opened++;
    series.closed++;
    move(series, record.uncounted);
  }

  /** What connections have moved that are still open. */
  moved(transfers: readonly EndpointTransfer[]): void {
    for (const transfer of transfers) move(this.#of(transfer, "-"), transfer);
  }

  /** Forgets a cluster that is gone. */
  forget(cluster: string): void {
    for (const [key, { clusters }] of this.#series) {
      if (clusters.delete(cluster) && clusters.size === 0) this.#series.delete(key);
    }
    this.#found = new WeakMap();
  }

  #of(of: Pick<Connection, "cluster" | "endpoint">, flag: ResponseFlag): Series {
    const cluster = of.cluster ?? NO_CLUSTER;
    const pod = of.endpoint?.pod;
    let pods = this.#found.get(cluster);
    if (pods === undefined) this.#found.set(cluster, (pods = new Map()));
    let flags = pods.get(pod);
    if (flags === undefined) pods.set(pod, (flags = new Map()));
    let series = flags.get(flag);
    if (series === undefined) flags.set(flag, (series = this.#find(of, flag)));
    return series;
  }

  #find(of: Pick<Connection, "cluster" | "endpoint">, flag: ResponseFlag): Series {
    const labels = istioLabels(this.#identity, of, flag);
    const key = Object.values(labels).join("\u0000");
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { labels, clusters: new Set(), opened: 0, closed: 0, sent: 0, received: 0 };
      this.#series.set(key, series);
    }
    if (of.cluster !== undefined) series.clusters.add(of.cluster.name);
    return series;
  }
}

function move(series: Series, { received, sent }: Transfer): void {
  series.received += received;
  series.sent += sent;
}
