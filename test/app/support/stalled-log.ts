/** Writes access log lines into a FIFO that is open and that nobody reads, and says on stderr how many were dropped. */
import { execFileSync } from "node:child_process";
import { constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccessLog } from "../../../app/gateway/log/access-log.ts";
import { record } from "./record.ts";

const written = Number(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), "tcp-ingress-"));
const fifo = join(folder, "fifo");
execFileSync("mkfifo", [fifo]);
// Both ends, so that opening doesn't wait for a reader.
const fd = openSync(fifo, constants.O_RDWR);
rmSync(folder, { recursive: true });

const log = createAccessLog({
  fd,
  failed: (error) => {
    throw error;
  },
});
for (let index = 0; index < written; index++) log.write(record);
writeSync(2, `${JSON.stringify({ written, dropped: log.dropped })}\n`);
// A write is still waiting for the reader that never comes.
process.kill(process.pid, "SIGKILL");
