import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseLdd, withFolders } from "../../../local/images/root-files.ts";

suite("files of a root file system", () => {
  test("paths of what ldd prints: libraries and the loader, not the kernel's own", () => {
    const printed = [
      "\tlinux-vdso.so.1 (0x00007ffc4a5f2000)",
      "\tlibstdc++.so.6 => /lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007f2b3c000000)",
      "\tlibmissing.so.1 => not found",
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007f2b3c9d3000)",
    ].join("\n");
    assert.deepEqual(parseLdd(printed), ["/lib/x86_64-linux-gnu/libstdc++.so.6", "/lib64/ld-linux-x86-64.so.2"]);
  });

  test("folders come before what is in them, once, unless they are given", () => {
    const file = (path: string) => ({ path, mode: 0o644, content: { kind: "text", text: "" } }) as const;
    const all = withFolders([
      file("etc/ssl/a"),
      file("etc/b"),
      { path: "etc", mode: 0o700, content: { kind: "folder" } },
    ]);
    assert.deepEqual(
      all.map(({ path, mode }) => [path, mode.toString(8)]),
      [
        ["etc", "700"],
        ["etc/b", "644"],
        ["etc/ssl", "755"],
        ["etc/ssl/a", "644"],
      ],
    );
  });
});
