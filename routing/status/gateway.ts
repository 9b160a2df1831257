import { gatewayRefusal } from "../compile/admission.ts";
import type { BoundServer } from "../compile/servers.ts";
import { terminationOf } from "../compile/termination.ts";
import { displayName } from "../resolve/about.ts";
import {
  bad,
  good,
  join,
  messagesOf,
  refusal,
  report,
  summarize,
  unknown,
  unresolvable,
  type Verdict,
} from "./findings.ts";
import type { Report, ServerStatus } from "./status.ts";
import { keyOf, type DeclaredState, type PlacedChain, type ServerOutcome, type StatusView } from "./view.ts";
import type { Gateway } from "../objects.ts";

/** What a workload finds about a Gateway; undefined where it does not serve it. */
export function gatewayReport(view: StatusView, state: DeclaredState, gateway: Gateway): Report | undefined {
  const outcomes = view.servers.get(keyOf(state));
  if (outcomes === undefined || !view.isOurs(gateway)) return undefined;
  const messages = messagesOf(view, state);
  const servers = [...Map.groupBy(outcomes, ({ bound }) => bound.index).values()].map((parts) => judge(view, parts));
  const open = servers.filter(({ programmed }) => programmed.status === "True").length;
  return report(
    state,
    messages,
    {
      Accepted: refusal(state, messages) ?? acceptance(servers),
      ResolvedRefs: state.newest === undefined ? unresolvable : references(view, state.newest as Gateway),
      Programmed: summarize(
        servers.map(({ programmed }) => programmed),
        good("Programmed", `${open} of ${servers.length} listeners are open`),
      ),
    },
    {
      listeners: { declared: servers.length, open },
      attachedRoutes: servers.reduce((sum, { status }) => sum + status.attachedRoutes, 0),
      servers: servers.map(({ status }) => status),
    },
  );
}

interface JudgedServer {
  readonly status: ServerStatus;
  /** Why the server, or a part of it, is not taken. */
  readonly rejected: Verdict | undefined;
  readonly programmed: Verdict;
}

/** @param parts - one outcome, or two where a server holds some of its hosts and lost others */
function judge(view: StatusView, parts: readonly ServerOutcome[]): JudgedServer {
  const rejected = parts.map((part) => rejection(view, part)).find((verdict) => verdict !== undefined);
  const served = parts.find(({ kind, bound }) => kind === "bound" && bound.kind !== "unserved")?.bound;
  const placed = served === undefined ? [] : view.chainsOf(served);
  const programmed = served === undefined ? rejected : opening(view, served);
  const verdict = programmed ?? bad("Pending", "Nothing is known of it");
  const { port } = (parts[0] as ServerOutcome).bound.server;
  const message = join(
    [verdict, ...(rejected === undefined ? [] : [rejected])].flatMap(({ status, message: text }) =>
      status === "True" ? [] : text,
    ),
  );
  return {
    rejected,
    programmed: verdict,
    status: {
      port: port.number,
      name: port.name,
      reason: verdict.reason,
      ...(message === "" ? {} : { message }),
      attachedRoutes: placed.reduce((sum, { chain }) => sum + chain.routes.length, 0),
    },
  };
}

function rejection(view: StatusView, outcome: ServerOutcome): Verdict | undefined {
  const { server, kind } = outcome.bound;
  const { number, protocol } = server.port;
  switch (outcome.kind) {
    case "refused":
      return bad("NotAllowed", gatewayRefusal(view.workload, outcome.bound).message);
    case "lost":
      return bad(
        "Conflicted",
        `Port ${number} is held by Gateway ${displayName(outcome.holder.gateway)}, which is older`,
      );
    case "bound":
      return kind === "unserved"
        ? bad("UnsupportedProtocol", `Port ${number} is not served as its protocol is ${protocol}`)
        : undefined;
  }
}

function opening(view: StatusView, bound: BoundServer): Verdict {
  const { number } = bound.server.port;
  const [placed] = view.chainsOf(bound);
  if (placed === undefined) return bad("NoRoutes", `Port ${number} stays closed as no VirtualService routes it`);
  return chainVerdict(view, placed);
}

/** Whether a server's listener takes connections, and has what ending TLS needs. */
export function chainVerdict(view: StatusView, { chain: { tls }, listener }: PlacedChain): Verdict {
  const opened = listenerVerdict(view, listener);
  if (tls === undefined || opened.status !== "True") return opened;
  const faults = view.credentialFaults(tls);
  if (faults === undefined) return unknown("Pending", `The certificates of port ${listener.port} are being looked for`);
  const [fault] = faults.filter(({ replaced }) => !replaced);
  return fault === undefined ? opened : bad("InvalidCertificateRef", fault.message);
}

function listenerVerdict(view: StatusView, listener: PlacedChain["listener"]): Verdict {
  const { state, error = "nobody said why" } = view.stateOf(listener);
  switch (state) {
    case "open":
      return good("Programmed", `Port ${listener.port} is open`);
    case "opening":
      return unknown("Pending", `Port ${listener.port} is being opened`);
    case "failed":
      return bad("AddressNotUsable", `Port ${listener.port} is not open: ${error}`);
  }
}

function acceptance(servers: readonly JudgedServer[]): Verdict {
  const rejected = servers.flatMap((server) => server.rejected ?? []);
  const [first] = rejected;
  if (first === undefined) return good("Accepted", "All of its servers are taken");
  const message = join(rejected.map((verdict) => verdict.message));
  const none = servers.every(({ programmed, rejected: own }) => own !== undefined && programmed.reason === own.reason);
  return none ? bad(first.reason, message) : good("ListenersNotValid", message);
}

/** The Secrets and files that its servers name. */
function references({ credentialFaults }: StatusView, { spec }: Gateway): Verdict {
  const verdicts = spec.servers.flatMap(({ port, tls: declared }): Verdict[] => {
    const tls = terminationOf(declared);
    if (tls === undefined) return [];
    const faults = credentialFaults(tls);
    if (faults !== undefined) return faults.map(({ message }) => bad("InvalidCertificateRef", message));
    const text = `The certificates of port ${port.number} are looked for once a VirtualService routes it`;
    return [unknown("SecretsNotRead", text)];
  });
  return summarize(verdicts, good("ResolvedRefs", "All that it refers to exists"));
}
