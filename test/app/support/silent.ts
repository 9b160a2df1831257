import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Endpoint } from "../../../routing/table.ts";

const program = `require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function () {
  console.log(this.address().port);
})`;

/** An endpoint that neither answers nor refuses: its program is stopped, and the queue of its socket is full. */
export async function silentEndpoint(): Promise<Endpoint & AsyncDisposable> {
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  child.kill("SIGSTOP");
  // A backlog of 1 holds two; what comes then is not answered (tcp(7), tcp_abort_on_overflow).
  const fillers: Socket[] = [];
  for (let index = 0; index < 2; index++) {
    const socket = connect(Number(port), "127.0.0.1");
    fillers.push(socket);
    await once(socket, "connect");
  }
  return {
    address: "127.0.0.1",
    port: Number(port),
    pod: undefined,
    zone: undefined,
    terminating: false,
    async [Symbol.asyncDispose]() {
      for (const socket of fillers) socket.on("error", () => undefined).destroy();
      child.kill("SIGKILL");
      await once(child, "close");
    },
  };
}
