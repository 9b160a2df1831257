import { setTimeout as delay } from "node:timers/promises";
import { type KubernetesObject, nameOf, namespaceOf, textAt } from "../object.ts";
import type { ResourceClient, Selector } from "./client.ts";
import { ApiError } from "./error.ts";

export interface ObjectEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubernetesObject;
}

/** Between the end of one watch and the next list, so that a server which ends every watch at once is not flooded. */
const relistMillis = 500;

/**
 * Tells every change of the selected objects, beginning with those that are there: list, watch, and from the start again whenever the watch ends.
 * An object that went away while nobody watched is told as deleted; `onList` hears how many there were each time that all were listed. Ends when the signal aborts. The first list's error is thrown; later ones are
 * waited out, as an API server may restart.
 */
export async function observe(
  client: ResourceClient,
  selector: Selector,
  onEvent: (event: ObjectEvent) => void,
  signal: AbortSignal,
  onList: (count: number) => void = () => undefined,
): Promise<void> {
  const known = new Map<string, KubernetesObject>();
  const tell = (event: ObjectEvent) => {
    const key = `${namespaceOf(event.object)}/${nameOf(event.object)}`;
    if (event.type === "DELETED") known.delete(key);
    else known.set(key, event.object);
    onEvent(event);
  };
  for (let listed = false; !signal.aborted;) {
    try {
      const { items, resourceVersion } = await client.list(selector);
      listed = true;
      const names = new Set(items.map((item) => `${namespaceOf(item)}/${nameOf(item)}`));
      for (const [key, object] of known) if (!names.has(key)) tell({ type: "DELETED", object });
      for (const object of items) {
        const before = known.get(`${namespaceOf(object)}/${nameOf(object)}`);
        if (
          before === undefined ||
          textAt(before, "metadata", "resourceVersion") !== textAt(object, "metadata", "resourceVersion")
        )
          tell({ type: before === undefined ? "ADDED" : "MODIFIED", object });
      }
      onList(items.length);
      if (signal.aborted) return;
      for await (const event of events(await client.watch(selector, resourceVersion, signal)))
        if (!signal.aborted) tell(event);
    } catch (error) {
      if (signal.aborted) return;
      if (!listed) throw error;
    }
    await delay(relistMillis, undefined, { signal }).catch(() => undefined);
  }
}

async function* events(body: AsyncIterable<Uint8Array>): AsyncGenerator<ObjectEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter((text) => text !== "")) {
      const event = JSON.parse(line) as { type: string; object: KubernetesObject };
      if (event.type === "ERROR") throw new ApiError(event.object);
      if (event.type !== "BOOKMARK") yield event as ObjectEvent;
    }
  }
}
