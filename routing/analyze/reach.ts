/** Whether any connection is left to a route once those before it have taken theirs: decided exactly, by taking away from what it matches piece after piece. */
import { covers as coversName } from "../host.ts";
import { covers, parseSubnet, type Subnet } from "../subnet.ts";

/** Server names: those that a pattern covers and none of the others; "" where the client sends none. */
export interface Names {
  readonly pattern: string;
  readonly without: readonly string[];
}

/** Connections from one block, to one block, with some server names. */
export interface Region {
  readonly source: Subnet;
  readonly destination: Subnet;
  readonly names: Names;
}

/** What a route takes: connections from any of some blocks, to any of some, with any of some names; undefined: with any, or none. */
export interface Taking {
  readonly source: readonly Subnet[];
  readonly destination: readonly Subnet[];
  readonly names: readonly string[] | undefined;
}

/** Every address, IPv4 among them. */
const everywhere: readonly Subnet[] = [parseSubnet("::/0") as Subnet];

/** The blocks of a match; without any it is for every address. */
export function blocksOf(texts: readonly string[]): readonly Subnet[] {
  return texts.length === 0 ? everywhere : texts.flatMap((text) => parseSubnet(text) ?? []);
}

/** Every name, and none sent. */
export const anyNames: readonly Names[] = [
  { pattern: "*", without: [] },
  { pattern: "", without: [] },
];

/** The connections that a route takes of those that come with some names. */
export function regionsOf(taking: Taking, within: readonly Names[]): Region[] {
  const { source: sources, destination: destinations, names: wanted } = taking;
  const allowed = within.flatMap((names) => wanted?.flatMap((name) => narrow(names, name) ?? []) ?? names);
  return sources.flatMap((source) =>
    destinations.flatMap((destination) => allowed.map((names) => ({ source, destination, names }))),
  );
}

/** Whether routes, one after the other, take all of some connections. */
export function takeAll(regions: readonly Region[], routes: readonly Taking[]): boolean {
  let left = regions.filter(({ names }) => !isEmpty(names));
  for (const route of routes) {
    if (left.length === 0) return true;
    left = left.flatMap((region) => remainder(region, route));
  }
  return left.length === 0;
}

/** What a route leaves of a region. */
function remainder(region: Region, { source, destination, names }: Taking): Region[] {
  let left = [region];
  for (const from of source) {
    for (const to of destination) {
      for (const name of names ?? [undefined]) {
        left = left.flatMap((piece) => without(piece, from, to, name));
      }
    }
  }
  return left;
}

/** What is left of a region without the connections from a block, to a block, with names that a pattern covers (undefined: with any, or none). */
function without(region: Region, from: Subnet, to: Subnet, name: string | undefined): Region[] {
  const source = intersection(region.source, from);
  const destination = intersection(region.destination, to);
  const names = name === undefined ? region.names : narrow(region.names, name);
  if (source === undefined || destination === undefined || names === undefined) return [region];
  const others: Region[] = [
    ...outside(region.source, source).map((block) => ({ ...region, source: block })),
    ...outside(region.destination, destination).map((block) => ({ ...region, source, destination: block })),
  ];
  if (name === undefined || coversName(name, region.names.pattern)) return others;
  const rest: Names = { ...region.names, without: [...region.names.without, name] };
  return [...others, { source, destination, names: rest }];
}

/** Blocks are one within the other, or have nothing in common. */
function intersection(a: Subnet, b: Subnet): Subnet | undefined {
  if (covers(a, b)) return b;
  return covers(b, a) ? a : undefined;
}

/** The blocks that make up all of a block but one within it: at each step inwards the half that is left aside. */
function outside(block: Subnet, inner: Subnet): Subnet[] {
  const aside: Subnet[] = [];
  for (let prefix = block.prefix + 1; prefix <= inner.prefix; prefix++) {
    const groups = Uint16Array.from(inner.groups);
    const at = (prefix - 1) >> 4;
    groups[at] = (groups[at] as number) ^ (0x8000 >> ((prefix - 1) & 15));
    aside.push({ groups, prefix });
  }
  return aside;
}

/** The names of a set that a pattern covers; undefined: none. A wildcard never runs out of names by those that are taken from it one by one. */
function narrow(names: Names, pattern: string): Names | undefined {
  const narrowed = coversName(pattern, names.pattern)
    ? names
    : coversName(names.pattern, pattern)
      ? { ...names, pattern }
      : undefined;
  return narrowed === undefined || isEmpty(narrowed) ? undefined : narrowed;
}

function isEmpty({ pattern, without: taken }: Names): boolean {
  return taken.some((other) => coversName(other, pattern));
}
