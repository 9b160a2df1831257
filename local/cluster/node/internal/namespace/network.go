package namespace

import (
	"fmt"
	"net/netip"

	"tcp-ingress.local/node/internal/hostnet"
	"tcp-ingress.local/node/internal/spec"
)

// Bridge is the bridge that pods are attached to.
const Bridge = "cni0"

// ConnectNode sets up the network namespace around the veth end that the host has put there. It has no default route: nothing in the
// cluster reaches anything but the cluster and this host.
func ConnectNode(run func(line string) error, s *spec.Spec) error {
	network := s.Network
	for _, line := range []string{
		"link set lo up",
		fmt.Sprintf("address add %s dev %s", netip.PrefixFrom(network.Node, network.Link.Bits()), hostnet.NodeInterface),
		fmt.Sprintf("link set %s up", hostnet.NodeInterface),
		fmt.Sprintf("link add %s type bridge", Bridge),
		fmt.Sprintf("address add %s dev %s", netip.PrefixFrom(network.PodGateway, network.Pods.Bits()), Bridge),
		fmt.Sprintf("link set %s up", Bridge),
		// A packet of the node's own to a Service needs a route before kube-proxy gets to see it and rewrites its destination.
		fmt.Sprintf("route add %s dev %s", network.Services, Bridge),
		fmt.Sprintf("route add %s dev %s", network.LoadBalancers, Bridge),
	} {
		if err := run(line); err != nil {
			return err
		}
	}
	return setSysctls()
}
