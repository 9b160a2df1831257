import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { connect } from "node:tls";
import type { ObjectStatus } from "../../routing/status/index.ts";
import { Authority, type Issued } from "../app/support/certificates.ts";
import { buildConfig } from "./support/config.ts";
import { EchoClient } from "./support/echo-client.ts";
import { eventually } from "./support/eventually.ts";
import { ingressAddress } from "./support/routes.ts";
import { execute, kubectl, Stack } from "./support/stack.ts";

const port = 31500;
const serverName = "echo.example.com";

const routing = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: tls, namespace: default}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: ${port}, name: tls, protocol: TLS}
    tls: {mode: SIMPLE, credentialName: echo-tls}
    hosts: [${serverName}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: tls, namespace: default}
spec:
  hosts: [${serverName}]
  gateways: [tls]
  tcp:
  - match: [{port: ${port}}]
    route: [{destination: {host: tcp-echo, port: {number: 3333}, subset: v1}}]
`;

const secret = ({ certificate, key }: Issued): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: { name: "echo-tls", namespace: "default" },
    stringData: { "tls.crt": certificate, "tls.key": key },
  });

const apply = (text: string): Promise<string> => kubectl(["apply", "-f", "-"], text);

suite("TLS that ends at the gateway, with a Secret of the cluster", () => {
  let stack: Stack;
  let host: string;
  let authority: Authority;
  let first: Issued;
  let second: Issued;

  before(async () => {
    authority = await Authority.create();
    [first, second] = [await authority.issue(serverName), await authority.issue(serverName)];
    stack = await Stack.create("tls", {
      config: { ...buildConfig(), ingress: { replicas: 1, ports: [port] } },
    });
    const up = await stack.up();
    assert.equal(up.code, 0, up.text);
    host = await ingressAddress();
    await apply(routing);
  });

  after(async () => {
    await execute("kubectl", ["delete", "--ignore-not-found", "-f", "-"], process.env, routing);
    await execute("kubectl", ["delete", "--ignore-not-found", "secret", "echo-tls"]);
    await stack[Symbol.asyncDispose]();
  });

  /** A client that trusts the authority alone, and the certificate that it was shown. */
  async function client(): Promise<{ readonly echo: EchoClient; readonly shown: string }> {
    const socket = connect({ host, port, servername: serverName, ca: authority.certificate });
    const echo = await EchoClient.greeted(socket, `${host}:${port}`);
    return { echo, shown: socket.getPeerCertificate().fingerprint256 };
  }

  const clientShown = ({ parsed }: Issued): Promise<EchoClient> =>
    eventually("a connection with the certificate", async () => {
      const { echo, shown } = await client();
      if (shown === parsed.fingerprint256) return echo;
      echo[Symbol.dispose]();
      return undefined;
    });

  /** Waits until the Gateway says what is to be seen. */
  const says = (...wanted: readonly string[]): Promise<true> =>
    eventually(`the Gateway to say ${wanted.join(", ")}`, async () => {
      const text = await kubectl(["get", "gateway.networking.istio.io", "tls", "-o", "jsonpath={.status}"]);
      const { conditions = [] } = JSON.parse(text) as ObjectStatus;
      const said = conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
      return wanted.every((each) => said.includes(each)) ? true : undefined;
    });

  const restarts = (): Promise<string> => {
    const path = "jsonpath={.items[*].metadata.name} {.items[*].status.containerStatuses[0].restartCount}";
    return kubectl(["get", "pods", "-l", "istio=ingressgateway", "-o", path]);
  };

  test("without its Secret it says so, and with it a client gets its greeting", async () => {
    await says("ResolvedRefs False InvalidCertificateRef", "Programmed False InvalidCertificateRef");
    await apply(secret(first));
    using echo = await clientShown(first);
    assert.match(echo.pod, /^tcp-echo-v1-/);
    await says("ResolvedRefs True ResolvedRefs", "Programmed True Programmed");
  });

  test("a Secret that is replaced counts for new connections; the open one goes on, in the same process", async () => {
    const pods = await restarts();
    using open = await clientShown(first);
    await apply(secret(second));
    using _new = await clientShown(second);
    assert.equal(await open.echo("still here\n"), "still here\n");
    assert.equal(await restarts(), pods);
  });
});
