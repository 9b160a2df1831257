package hostnet

import (
	"fmt"
	"net/netip"
	"strings"

	"tcp-ingress.local/node/internal/spec"
)

// route is an entry of the host's routing tables, as ip(8) prints it in JSON.
type route struct {
	Type        string `json:"type"`
	Destination string `json:"dst"`
	Gateway     string `json:"gateway"`
	Device      string `json:"dev"`
	Metric      int    `json:"metric"`
}

func (r route) String() string {
	words := []string{r.Type, r.Destination}
	if r.Device != "" {
		words = append(words, "dev "+r.Device)
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

func (r route) isOurs(s *spec.Spec) bool {
	if r.Device == s.Names.Interface {
		return true
	}
	return r.Type == "unreachable" && r.Destination == s.Network.Block.String() && r.Metric == guardMetric
}

// prefix is the route's destination; ok is false for a default route.
func (r route) prefix() (prefix netip.Prefix, ok bool) {
	if r.Destination == "default" {
		return prefix, false
	}
	if prefix, err := netip.ParsePrefix(r.Destination); err == nil {
		return prefix, prefix.Bits() > 0
	}
	address, err := netip.ParseAddr(r.Destination)
	if err != nil {
		return prefix, false
	}
	return netip.PrefixFrom(address, address.BitLen()), true
}

func routes(ip IP) ([]route, error) {
	var listed []route
	err := ip.list(&listed, "-4 route show table all")
	return listed, err
}

// CheckFree refuses a block of addresses that the host routes already, as a cluster would cut it off from them.
func CheckFree(ip IP, s *spec.Spec) error {
	listed, err := routes(ip)
	if err != nil {
		return err
	}
	return checkFree(listed, s)
}

func checkFree(listed []route, s *spec.Spec) error {
	for _, candidate := range listed {
		if prefix, ok := candidate.prefix(); ok && prefix.Overlaps(s.Network.Block) && !candidate.isOurs(s) {
			return fmt.Errorf("cannot use network %s for cluster %s as this machine has a route into it already (%s): "+
				"name a free /13 in TCP_INGRESS_NETWORK, such as 10.64.0.0/13", s.Network.Block, s.Instance, candidate)
		}
	}
	return nil
}
