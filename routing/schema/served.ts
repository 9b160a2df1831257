/**
 * The one list of what the gateway's engine acts on today. What is declared of a feature that is false here is checked, compiled into the route table and reported (TCP0001);
 * turning it to true is all that the rest of `routing/` needs to take it for served.
 */
export const served = {
  /** `trafficPolicy.outlierDetection` */
  outlierDetection: true,
  /** `trafficPolicy.tls` */
  clientTls: true,
  /** `trafficPolicy.proxyProtocol` */
  sentProxyProtocol: true,
  /** `loadBalancer.warmup`, `warmupDurationSecs` */
  warmup: true,
  /** `loadBalancer.localityLbSetting` */
  locality: true,
  /** `loadBalancer.consistentHash.maglev`, `ringHash`, `minimumRingSize` */
  hashTables: true,
  /** `weight` of WorkloadEntries and of a ServiceEntry's endpoints */
  endpointWeights: true,
  /** `servers[].tls.credentialNames`, `tlsCertificates`, `serverCertificate` */
  serverCertificates: true,
  /** `servers[].tls.caCertCredentialName`, `caCertificates`, `caCrl`, `subjectAltNames`, `verifyCertificateSpki`, `verifyCertificateHash` */
  clientCertificates: true,
  /** `tcp-ingress.dev/proxy-protocol…` */
  acceptedProxyProtocol: true,
  /** `tcp-ingress.dev/max-connections…`, `connection-rate-per-source` */
  connectionLimits: true,
  /** `tcp-ingress.dev/client-hello-timeout`, `tls-handshake-timeout` */
  handshakeTimeouts: true,
  /** `tcp-ingress.dev/health-check…` */
  healthChecks: true,
  /** `tcp-ingress.dev/close-removed-after` */
  closeRemoved: true,
} satisfies Record<string, boolean>;

export type Feature = keyof typeof served;
