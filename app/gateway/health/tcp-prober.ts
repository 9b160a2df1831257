import { connect } from "node:net";
import type { Prober } from "./active-check.ts";

/** Bytes of an answer that are looked at. */
const MAX_ANSWER = 64 * 1024;

/** Asks by a TCP connection, which it closes as soon as it knows. */
export const tcpProber: Prober = {
  probe: ({ address, port }, { send, expect }, signal) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: address, port, noDelay: true });
      const settle = (error?: Error): void => {
        signal.removeEventListener("abort", aborted);
        socket
          .removeAllListeners()
          .on("error", () => undefined)
          .destroy();
        if (error === undefined) resolve();
        else reject(error);
      };
      const aborted = (): void => settle(signal.reason instanceof Error ? signal.reason : new Error("called off"));
      signal.addEventListener("abort", aborted);
      if (signal.aborted) return aborted();
      socket.on("error", settle);
      socket.on("connect", () => {
        if (send !== undefined) socket.write(send);
        if (expect === undefined) settle();
      });
      let answer = Buffer.alloc(0);
      socket.on("data", (chunk: Buffer) => {
        answer = Buffer.concat([answer, chunk]);
        if (expect !== undefined && answer.includes(expect)) settle();
        else if (answer.length >= MAX_ANSWER) settle(new Error(`the answer is not in the first ${MAX_ANSWER} bytes`));
      });
      socket.on("end", () => settle(new Error("closed without the answer that is expected")));
    }),
};
