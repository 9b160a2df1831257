import { gatewayApiAnalyzers } from "../gateway-api/analyzers.ts";
import type { Analyzer } from "./analyzer.ts";
import { certificateVerification } from "./certificate-verification.ts";
import { clientAddresses } from "./client-addresses.ts";
import { conflictingGateways } from "./conflicting-gateways.ts";
import { deprecatedOutliers } from "./deprecated-outliers.ts";
import { destinationHosts } from "./destination-hosts.ts";
import { destinationRuleHosts } from "./destination-rule-hosts.ts";
import { destinationSubsets } from "./destination-subsets.ts";
import { emptyDestinations } from "./empty-destinations.ts";
import { emptyServiceEntries } from "./empty-service-entries.ts";
import { gatewayCredentials } from "./gateway-credentials.ts";
import { gatewayHosts } from "./gateway-hosts.ts";
import { gatewayReferences } from "./gateway-references.ts";
import { gatewaySelectors } from "./gateway-selectors.ts";
import { gatewayTls } from "./gateway-tls.ts";
import { internalGateways } from "./internal-gateways.ts";
import { legacyGatewayNames } from "./legacy-gateway-names.ts";
import { listenersWithoutRoute } from "./listeners-without-route.ts";
import { loadBalancerPorts } from "./load-balancer-ports.ts";
import { localhostListeners } from "./localhost-listeners.ts";
import { meshOnly } from "./mesh-only.ts";
import { missingProxies } from "./missing-proxies.ts";
import { namespaceInjection } from "./namespace-injection.ts";
import { podDestinations } from "./pod-destinations.ts";
import { portNames } from "./port-names.ts";
import { reservedPorts } from "./reserved-ports.ts";
import { servicePorts } from "./service-ports.ts";
import { shadowedRoutes } from "./shadowed-routes.ts";
import { sharedDeployments } from "./shared-deployments.ts";
import { strictDestinations } from "./strict-destinations.ts";
import { subsetPods } from "./subset-pods.ts";
import { unboundRules } from "./unbound-rules.ts";
import { unenforceableMatches } from "./unenforceable-matches.ts";
import { unreachableRules } from "./unreachable-rules.ts";
import { unreadySubsets } from "./unready-subsets.ts";
import { unservedServers } from "./unserved-servers.ts";
import { unusedDestinations } from "./unused-destinations.ts";
import { weights } from "./weights.ts";

/** Every check; a new one is one more file and one more line here. */
export const analyzers: readonly Analyzer[] = [
  certificateVerification,
  clientAddresses,
  conflictingGateways,
  deprecatedOutliers,
  destinationHosts,
  destinationRuleHosts,
  destinationSubsets,
  emptyDestinations,
  emptyServiceEntries,
  gatewayCredentials,
  gatewayHosts,
  gatewayReferences,
  gatewaySelectors,
  gatewayTls,
  internalGateways,
  legacyGatewayNames,
  listenersWithoutRoute,
  loadBalancerPorts,
  localhostListeners,
  meshOnly,
  missingProxies,
  namespaceInjection,
  podDestinations,
  portNames,
  reservedPorts,
  servicePorts,
  shadowedRoutes,
  sharedDeployments,
  strictDestinations,
  subsetPods,
  unboundRules,
  unenforceableMatches,
  unreachableRules,
  unreadySubsets,
  unservedServers,
  unusedDestinations,
  weights,
  ...gatewayApiAnalyzers,
];
