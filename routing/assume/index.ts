/** What a preview takes for granted, and what it leaves open: it sees one stack's declarations, some of their values not yet, and nothing of what others bring. */
export { assume, standInsForGateways, standInsForHosts, type Assumptions } from "./stand-ins.ts";
export { undecided, type Identity } from "./undecided.ts";
