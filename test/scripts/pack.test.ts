import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..", "..");
const run = promisify(execFile);

suite("the package", () => {
  let folder: string;
  let files: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tcp-ingress-package-"));
    const { stdout } = await run(process.execPath, [join(root, "scripts", "pack.ts"), folder]);
    const tarball = stdout.trim();
    const { stdout: list } = await run("tar", ["--list", "--gzip", "--file", tarball]);
    files = list
      .trim()
      .split("\n")
      .map((file) => file.replace(/^package\//, ""));
    const target = join(folder, "node_modules", "tcp-ingress");
    await mkdir(target, { recursive: true });
    await run("tar", ["--extract", "--gzip", "--strip-components=1", "--file", tarball, "--directory", target]);
    // What npm would install beside it is here already.
    for (const name of await readdir(join(root, "node_modules"))) {
      if (name.startsWith(".") || name === "tcp-ingress") continue;
      await symlink(join(root, "node_modules", name), join(folder, "node_modules", name));
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const node = async (file: string, text: string) => {
    await writeFile(join(folder, file), text);
    return (await run(process.execPath, [file], { cwd: folder })).stdout.trim();
  };

  test("holds the library with its types, the CLI, and the contexts of both containers, and no source", () => {
    for (const file of [
      ...["components", "routing", "app"].flatMap((name) => [`dist/${name}/index.js`, `dist/${name}/index.d.ts`]),
      ...["gateway", "tcp-echo"].flatMap((name) =>
        ["Dockerfile", ".dockerignore", "app/main.js"].map((file) => `dist/context/${name}/${file}`),
      ),
      "dist/cli/main.js",
      "cli/bin/tcp-ingress.js",
      "LICENSE",
    ]) {
      assert.ok(files.includes(file), `${file} is missing`);
    }
    assert.deepEqual(
      files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts")),
      [],
    );
  });

  const names = "console.log(typeof Gateway, typeof analyze, typeof buildContext);";

  test("is imported", async () => {
    const program = `import { Gateway } from "tcp-ingress"; import { analyze } from "tcp-ingress/routing"; import { buildContext } from "tcp-ingress/app"; ${names}`;
    assert.equal(await node("import.mjs", program), "function function function");
  });

  test("is required", async () => {
    const program = `const { Gateway } = require("tcp-ingress"); const { analyze } = require("tcp-ingress/routing"); const { buildContext } = require("tcp-ingress/app"); ${names}`;
    assert.equal(await node("require.cjs", program), "function function function");
  });

  test("brings the build contexts ready made", async () => {
    const program = 'import { buildContext } from "tcp-ingress/app"; console.log(await buildContext("tcp-echo"));';
    assert.equal(
      await node("context.mjs", program),
      join(folder, "node_modules", "tcp-ingress", "dist", "context", "tcp-echo"),
    );
  });

  test("keeps its types for whoever installs it", async () => {
    await writeFile(
      join(folder, "types.ts"),
      [
        'import { DestinationRule, Gateway, VirtualService } from "tcp-ingress";',
        'const rule = new DestinationRule("pg", { host: "pg", subsets: { v1: { version: "v1" } } });',
        'new VirtualService("pg", { tcp: [new Gateway("pg", { tcp: 5432 }).tcp.to(rule.subset("v1"))] });',
        "// @ts-expect-error: no such subset",
        'rule.subset("v3");',
      ].join("\n"),
    );
    const compilerOptions = {
      noEmit: true,
      strict: true,
      module: "nodenext",
      target: "es2024",
      skipLibCheck: true,
      types: [],
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["types.ts"] }));
    await run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "--project", folder]);
  });

  test("has the command line", async () => {
    const { stdout } = await run(process.execPath, [
      join(folder, "node_modules", "tcp-ingress", "cli", "bin", "tcp-ingress.js"),
      "--help",
    ]);
    assert.match(stdout, /^Usage: tcp-ingress /);
  });
});
