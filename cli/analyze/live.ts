import type { RawObject } from "../../app/gateway/control/list.ts";
import { isInjected } from "../../routing/analyze/injection.ts";
import { messageOf, parseObject, type AnyObject, type Kind, type Message } from "../../routing/index.ts";
import type { Connection } from "../cluster/connect.ts";
import { readCluster, readScope } from "../cluster/read.ts";
import { analyzed, wholePods } from "../cluster/resources.ts";
import type { Progress } from "../output/progress.ts";
import { fewOf, plural } from "../output/words.ts";
import type { Declared } from "./parse.ts";

/** The objects of a cluster, and the kinds of which these may not be all. */
export interface Live extends Declared {
  readonly unread: readonly Kind[];
}

/** Without these there is little to analyze. */
const declaredKinds: readonly Kind[] = ["Gateway", "VirtualService", "DestinationRule"];

/** Reads all that analysis looks at. Of pods only the metadata travels, but where a check has to see their containers. */
export async function readLive({ api }: Connection, namespace: string, progress: Progress): Promise<Live> {
  progress.show("Reading the cluster");
  const { objects, unread } = await readCluster(api, analyzed, namespace);
  const { list, messages } = parseAll(objects, progress);
  const injected = unread.includes("Namespace")
    ? []
    : list.flatMap((object) => (object.kind === "Namespace" && isInjected(object) ? object.metadata.name : []));
  const pods = await Promise.all(injected.map((name) => readScope(api, wholePods, { namespace: name })));
  list.push(
    ...parseAll(
      pods.flatMap((some) => some ?? []),
      progress,
    ).list,
  );
  return { list, messages: [...messages, ...aboutUnread(unread, namespace)], unread };
}

function parseAll(objects: readonly RawObject[], progress: Progress): { list: AnyObject[]; messages: Message[] } {
  const list: AnyObject[] = [];
  const messages: Message[] = [];
  for (const [index, raw] of objects.entries()) {
    if (index % 100 === 0) progress.show(`Read ${index} of ${plural(objects.length, "object")}`);
    const parsed = parseObject(raw);
    if (parsed.object !== undefined) list.push(parsed.object);
    messages.push(...parsed.messages);
  }
  return { list, messages };
}

function aboutUnread(unread: readonly Kind[], namespace: string): Message[] {
  const kinds = declaredKinds.filter((kind) => unread.includes(kind));
  if (kinds.length === 0) return [];
  const text = `Not everything was analyzed as not every object of ${fewOf(kinds)} may be listed: at most those of namespace ${namespace} were. Get the right to list them in all namespaces`;
  return [messageOf("TCP0004", { resource: "", level: "Warning" }, text)];
}
