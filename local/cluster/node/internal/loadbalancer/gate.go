package loadbalancer

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Gate stands before the addresses of load balancers. What kube-proxy does not serve is refused, with a reset, as by a host without that
// port. But kube-proxy learns of an address at the same moment as everybody else: until its rules are there, first packets are lost
// instead, so that a client's TCP sends them again and connects a little later rather than not at all.
type Gate struct {
	// Run runs iptables.
	Run func(args ...string) error
	// Rules are all rules of the network namespace, as iptables-save prints them.
	Rules func() (string, error)
	// Interface is where clients come from.
	Interface string
}

// Close refuses what comes for addresses of a network and has not been given another destination by kube-proxy.
func (g *Gate) Close(network netip.Prefix) error {
	return g.Run("--wait", "--append", "FORWARD", "--in-interface", g.Interface, "--destination", network.String(),
		"--protocol", "tcp", "--jump", "REJECT", "--reject-with", "tcp-reset")
}

// hold begins to lose what comes for an address, and returns how to end that.
func (g *Gate) hold(address netip.Addr) (release func(context.Context) error, err error) {
	rule := []string{"FORWARD", "--in-interface", g.Interface, "--destination", address.String(), "--jump", "DROP"}
	if err := g.Run(append([]string{"--wait", "--insert"}, rule...)...); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		served := g.served(ctx, address)
		return errors.Join(served, g.Run(append([]string{"--wait", "--delete"}, rule...)...))
	}, nil
}

// served waits until kube-proxy has rules for an address, at most as long as a client's patience may be expected to last.
func (g *Gate) served(ctx context.Context, address netip.Addr) error {
	const limit = 10 * time.Second
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		rules, err := g.Rules()
		if err != nil {
			return err
		}
		for rule := range strings.Lines(rules) {
			if strings.HasPrefix(rule, "-A KUBE-") && strings.Contains(rule, fmt.Sprintf(" -d %s/32 ", address)) {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("kube-proxy has no rules for %s after %v", address, limit)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
