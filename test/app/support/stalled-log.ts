/**
 * Writes access log lines into a FIFO that is open and that nobody reads (`gone`: that nobody has open for reading any more), says on stderr how many were dropped, and ends as a gateway does.
 */
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccessLog } from "../../../app/gateway/log/access-log.ts";
import { formatJson } from "../../../app/gateway/log/format.ts";
import { record } from "./record.ts";

const [, , lines, reader] = process.argv;
const written = Number(lines);
const folder = mkdtempSync(join(tmpdir(), "tcp-ingress-"));
const fifo = join(folder, "fifo");
execFileSync("mkfifo", [fifo]);
// Both ends, so that opening doesn't wait for a reader.
const both = openSync(fifo, constants.O_RDWR);
const fd = openSync(fifo, constants.O_WRONLY);
if (reader === "gone") closeSync(both);
rmSync(folder, { recursive: true });

const log = createAccessLog({
  fd,
  format: formatJson,
  start: false,
  failed: (error) => writeSync(2, `failed: ${error.message}\n`),
});
for (let index = 0; index < written; index++) log.closed(record);
writeSync(2, `${JSON.stringify({ written, dropped: log.dropped })}\n`);
await log.flush();
writeSync(2, "flushed\n");
process.exit(0);
