import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { RunMarker } from "../../../app/gateway/run-marker.ts";

const MINUTE = 60_000;

function folder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "run-marker-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** A process that begins a run at a time and ends as the code says. */
function run(path: string, now: number, engine: "net" | "epoll", end: string): void {
  const program = `
    import { RunMarker } from ${JSON.stringify(new URL("../../../app/gateway/run-marker.ts", import.meta.url).href)};
    RunMarker.read(${JSON.stringify(path)}, ${now}).begin(${JSON.stringify(engine)});
    ${end}`;
  spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", program], { stdio: "ignore" });
}

const crash = "process.kill(process.pid, 'SIGKILL'); await new Promise(() => undefined);";

test("runs that end by themselves leave nothing, whatever the reason", () => {
  using dir = folder();
  for (const end of ["", "process.exit(1)", "throw new Error('a mistake')"]) {
    run(dir.path, 0, "epoll", end);
    assert.equal(existsSync(join(dir.path, "run.json")), false, end);
  }
});

test("crashes with epoll count for ten minutes", () => {
  using dir = folder();
  const at = (minutes: number): number => RunMarker.read(dir.path, minutes * MINUTE).crashes;
  run(dir.path, 0, "epoll", crash);
  assert.equal(at(1), 1);
  run(dir.path, 1 * MINUTE, "epoll", crash);
  assert.equal(at(2), 2);
  // With two the gateway falls back; that it then crashes is not epoll's fault.
  run(dir.path, 2 * MINUTE, "net", crash);
  assert.equal(at(3), 2);
  assert.equal(at(11), 1);
  assert.equal(at(12), 0);
});

test("a folder that is not there yet is made, and what cannot be read says nothing", () => {
  using dir = folder();
  const below = join(dir.path, "a", "b");
  run(below, 0, "epoll", crash);
  assert.equal(RunMarker.read(below, 0).crashes, 1);
  writeFileSync(join(below, "run.json"), '{"running":"ep');
  assert.equal(RunMarker.read(below, 0).crashes, 0);
});
