package hostnet

import (
	"errors"
	"fmt"
	"net/netip"

	"tcp-ingress.local/node/internal/spec"
)

// guardMetric makes the unreachable route the last choice.
const guardMetric = 4096

// NodeInterface is the node's end of the veth pair.
const NodeInterface = "eth0"

// Guard makes the cluster's addresses unreachable as long as no better route exists, so that a late packet never takes the default
// route off this machine.
func Guard(ip IP, s *spec.Spec) error {
	return ip.Run(fmt.Sprintf("route replace unreachable %s metric %d", s.Network.Block, guardMetric))
}

// Connect makes the veth pair between the host and the network namespace of process pid, and routes the cluster's addresses over it.
func Connect(ip IP, s *spec.Spec, pid int) error {
	name, network := s.Names.Interface, s.Network
	for _, line := range []string{
		fmt.Sprintf("link add %s type veth peer name %s netns %d", name, NodeInterface, pid),
		fmt.Sprintf("address add %s dev %s", netip.PrefixFrom(network.Host, network.Link.Bits()), name),
		fmt.Sprintf("link set %s up", name),
		fmt.Sprintf("route replace %s via %s dev %s", network.Block, network.Node, name),
	} {
		if err := ip.Run(line); err != nil {
			return err
		}
	}
	return nil
}

// Remove removes the veth pair and the routes, whether or not they are there.
func Remove(ip IP, s *spec.Spec) error {
	links, routes, err := find(ip, s)
	if err != nil {
		return err
	}
	if len(links) > 0 {
		if failed := ip.Run("link delete " + s.Names.Interface); failed != nil {
			// The kernel takes it away by itself some time after the last process of its namespace has ended: maybe just now.
			if links, _, err = find(ip, s); err != nil || len(links) > 0 {
				return errors.Join(failed, err)
			}
		}
	}
	for _, route := range routes {
		if route.Type == "unreachable" {
			if err := ip.Run(fmt.Sprintf("route delete unreachable %s metric %d", s.Network.Block, guardMetric)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Left names the cluster's links and routes that exist.
func Left(ip IP, s *spec.Spec) ([]string, error) {
	links, routes, err := find(ip, s)
	if err != nil {
		return nil, err
	}
	var left []string
	for _, link := range links {
		left = append(left, "network interface "+link.Name)
	}
	for _, route := range routes {
		left = append(left, "route "+route.String())
	}
	return left, nil
}

type link struct {
	Name string `json:"ifname"`
}

// find finds what is ours: the interface by its name, routes by leading to it or by being the guard.
func find(ip IP, s *spec.Spec) ([]link, []route, error) {
	var all, links []link
	if err := ip.list(&all, "link show"); err != nil {
		return nil, nil, err
	}
	for _, candidate := range all {
		if candidate.Name == s.Names.Interface {
			links = append(links, candidate)
		}
	}
	listed, err := routes(ip)
	if err != nil {
		return nil, nil, err
	}
	var ours []route
	for _, candidate := range listed {
		if candidate.isOurs(s) {
			ours = append(ours, candidate)
		}
	}
	return links, ours, nil
}
