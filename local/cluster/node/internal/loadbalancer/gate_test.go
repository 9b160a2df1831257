package loadbalancer

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

func TestGateHoldsAnAddressUntilKubeProxyServesIt(t *testing.T) {
	var ran []string
	rules := []string{
		"-A FORWARD -d 10.0.1.1/32 -i eth0 -j DROP\n-A KUBE-SERVICES -d 10.0.1.10/32 -p tcp -j KUBE-EXT-OTHER\n",
		"-A KUBE-SERVICES -d 10.0.1.1/32 -p tcp -m tcp --dport 80 -j KUBE-EXT-X\n",
	}
	asked := 0
	gate := &Gate{
		Interface: "eth0",
		Run:       func(args ...string) error { ran = append(ran, strings.Join(args, " ")); return nil },
		Rules:     func() (string, error) { asked++; return rules[asked-1], nil },
	}
	release, err := gate.hold(netip.MustParseAddr("10.0.1.1"))
	if err != nil {
		t.Fatal(err)
	}
	if err := release(t.Context()); err != nil {
		t.Fatal(err)
	}
	const rule = "FORWARD --in-interface eth0 --destination 10.0.1.1 --jump DROP"
	if want := []string{"--wait --insert " + rule, "--wait --delete " + rule}; !slices.Equal(ran, want) {
		t.Errorf("ran %q, want %q", ran, want)
	}
	if asked != 2 {
		t.Errorf("asked %d times for the rules, want 2", asked)
	}
}
