import type { CommandError } from "./process.ts";

/** What failed commands say when a known thing is wrong, and what to do about it. */
const hints: readonly (readonly [said: RegExp, advice: string])[] = [
  [
    /no space left on device/i,
    "Free some disk space (a first run takes 8 GB), then run it again: what is built already is kept",
  ],
  [
    /signal: killed|out of memory|cannot allocate memory/i,
    "Give the machine more memory (a build takes up to 3 GB), then run it again: what is built already is kept",
  ],
  [
    /could not resolve|temporary failure resolving|no such host|connection refused|i\/o timeout|TLS handshake timeout|network is unreachable/i,
    "Check that the package registries (apt, Go modules) can be reached, then run it again: it goes on where it was",
  ],
  [
    /unable to locate package|has no installation candidate/i,
    "Check that apt's sources name Debian's main archive, or install the program yourself, so that it is on PATH",
  ],
  [
    /apt-get|dpkg-deb/,
    "On a machine without apt install the programs yourself (containerd, runc, CNI plugins, iptables, iproute2, docker, docker-registry), so that they are on PATH",
  ],
];

/** What a person can try next after a command failed. */
export function hint(error: CommandError): string {
  return (
    hints.find(([said]) => said.test(error.message))?.[1] ??
    "Look into the log, then run it again: it goes on where it was"
  );
}
