/** One port that leads to one subset. */
export interface DeclaredPort {
  readonly port: number;
  readonly subset: string;
}

/**
 * YAML of a Gateway for each port, a VirtualService for all, and a ServiceEntry whose static endpoints are on this machine.
 *
 * @param endpoints - port of each subset's endpoint
 */
export function manifests(ports: readonly DeclaredPort[], endpoints: Readonly<Record<string, number>>): string {
  const gateways = ports.map(
    ({ port }) => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway-${port} }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port:
        number: ${port}
        name: tcp
        protocol: TCP
      hosts: ["*"]
`,
  );
  const rules = ports.map(
    ({ port, subset }) => `    - match: [{ port: ${port} }]
      route: [{ destination: { host: echo.test, port: { number: 3333 }, subset: ${subset} } }]
`,
  );
  const subsets = [...new Set(ports.map(({ subset }) => subset))];
  return `${gateways.join("---\n")}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [${ports.map(({ port }) => `gateway-${port}`).join(", ")}]
  tcp:
${rules.join("")}---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo }
spec:
  host: echo.test
  subsets:
${subsets.map((subset) => `    - { name: ${subset}, labels: { version: ${subset} } }\n`).join("")}---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: echo }
spec:
  hosts: [echo.test]
  ports: [{ number: 3333, name: tcp, protocol: TCP }]
  resolution: STATIC
  location: MESH_EXTERNAL
  endpoints:
${Object.entries(endpoints)
  .map(([subset, port]) => `    - { address: 127.0.0.1, ports: { tcp: ${port} }, labels: { version: ${subset} } }\n`)
  .join("")}`;
}
