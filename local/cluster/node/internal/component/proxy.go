package component

import (
	"fmt"

	"tcp-ingress.local/node/internal/process"
	"tcp-ingress.local/node/internal/spec"
)

// Proxy gives Services their addresses, by rules in the network namespace.
func Proxy(s *spec.Spec) process.Command {
	return command(s, "kube-proxy", "--config="+s.InState("config", "proxy.yaml"))
}

// proxyConfig is kubeproxy.config.k8s.io/v1alpha1. The connection-tracking limits belong to the whole machine and are left alone (0).
// A short minSyncPeriod keeps the moment short in which a load balancer's address is published and not served yet.
func proxyConfig(s *spec.Spec) string {
	return fmt.Sprintf(`apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clientConnection: { kubeconfig: %s }
hostnameOverride: %s
clusterCIDR: %s
oomScoreAdj: 0
iptables: { minSyncPeriod: 50ms }
conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s }
`, s.InState("pki", "proxy.kubeconfig"), s.NodeName, s.Network.Pods)
}
