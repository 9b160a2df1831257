#!/usr/bin/env node
/**
 * Plain JavaScript for any Node from 20 on: hands over to the Node 26 that came with the package (its `node-*` optional dependencies),
 * so that `tcp-ingress` runs alike wherever it is started from. Signals and the exit status are passed on.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const required = 26;
const here = dirname(fileURLToPath(import.meta.url));

/** Packages whose `bin/` holds a Node for this machine. */
const packages = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];

function findNode() {
  if (Number(process.versions.node.split(".")[0]) >= required) return process.execPath;
  const { resolve } = createRequire(import.meta.url);
  for (const name of packages) {
    try {
      const folder = dirname(resolve(`${name}/package.json`));
      const program = ["bin/node", "bin/node.exe"].map((path) => join(folder, path)).find((path) => existsSync(path));
      if (program !== undefined) return program;
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return undefined;
}

/** The sources in the repository; in the published package, where Node strips no types, what was compiled from them. */
function findMain() {
  return ["../main.ts", "../main.js", "../../dist/cli/main.js"]
    .map((path) => join(here, path))
    .find((path) => existsSync(path));
}

const node = findNode();
const main = findMain();
if (node === undefined || main === undefined) {
  console.error(
    node === undefined
      ? `Cannot start tcp-ingress as Node ${required} is neither running nor installed as ${packages.join(" or ")}. Install with optional dependencies, or run it with Node ${required}`
      : `Cannot start tcp-ingress as its program is missing beside ${here}. Install the package again`,
  );
  process.exit(2);
}

// `node:ffi`, by which the gateway moves bytes, is experimental, and every thread would say so.
const child = spawn(node, ["--disable-warning=ExperimentalWarning", main, ...process.argv.slice(2)], {
  stdio: "inherit",
});

// Ctrl-C on a terminal reaches the whole group, the child included: here it must only not end the parent before the child.
const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"]) {
  process.on(signal, () => {
    if (signal !== "SIGINT" || !onTerminal) child.kill(signal);
  });
}

child.on("error", (error) => {
  console.error(`Cannot start ${node}: ${error.message}`);
  process.exitCode = 2;
});
child.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
});
