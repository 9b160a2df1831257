// Package loadbalancer gives Services of type LoadBalancer their addresses, as a cloud's controller does.
package loadbalancer

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"time"
)

// Service is the part of a Service that decides on its address.
type Service struct {
	Metadata struct {
		UID, Namespace, Name, ResourceVersion string
		CreationTimestamp                     time.Time
	}
	Spec struct {
		Type, LoadBalancerIP string
		LoadBalancerClass    *string
	}
	Status struct {
		LoadBalancer struct{ Ingress []struct{ IP string } }
	}
}

// Identity is the Service's UID.
func (s Service) Identity() string { return s.Metadata.UID }

// Version is the Service's resourceVersion.
func (s Service) Version() string { return s.Metadata.ResourceVersion }

// wants says whether the Service is one for this controller: of the type, and of no class that another controller serves.
func (s Service) wants() bool {
	return s.Spec.Type == "LoadBalancer" && s.Spec.LoadBalancerClass == nil
}

// current is the address that the Service has.
func (s Service) current() (address netip.Addr, ok bool) {
	for _, ingress := range s.Status.LoadBalancer.Ingress {
		if address, err := netip.ParseAddr(ingress.IP); err == nil {
			return address, true
		}
	}
	return address, false
}

// Change is what is to be done about a Service.
type Change struct {
	Service Service
	// Address is what it is to have; not valid: none.
	Address netip.Addr
	// Problem says why it gets none although it wants one.
	Problem string
}

// Assign decides which Services change their address. Services keep what they have; the others are served in the order in which they were
// made, those that ask for an address of their own first.
func Assign(pool netip.Prefix, services []Service) []Change {
	var changes []Change
	var waiting []Service
	held := map[netip.Addr]string{}
	for _, service := range inOrder(services) {
		address, has := service.current()
		switch {
		case !service.wants():
			if has && service.Spec.LoadBalancerClass == nil {
				changes = append(changes, Change{Service: service})
			}
		case has && pool.Contains(address) && held[address] == "" && (service.Spec.LoadBalancerIP == "" || service.Spec.LoadBalancerIP == address.String()):
			held[address] = service.Metadata.Namespace + "/" + service.Metadata.Name
		default:
			waiting = append(waiting, service)
		}
	}
	slices.SortStableFunc(waiting, func(a, b Service) int {
		return cmp.Compare(min(len(b.Spec.LoadBalancerIP), 1), min(len(a.Spec.LoadBalancerIP), 1))
	})
	for _, service := range waiting {
		address, problem := choose(pool, held, service.Spec.LoadBalancerIP)
		if problem == "" {
			held[address] = service.Metadata.Namespace + "/" + service.Metadata.Name
		}
		changes = append(changes, Change{service, address, problem})
	}
	return changes
}

func choose(pool netip.Prefix, held map[netip.Addr]string, requested string) (netip.Addr, string) {
	if requested != "" {
		address, err := netip.ParseAddr(requested)
		switch {
		case err != nil:
			return netip.Addr{}, fmt.Sprintf("Cannot assign loadBalancerIP %s as it is no IP address", requested)
		case !usable(pool, address):
			return netip.Addr{}, fmt.Sprintf("Cannot assign loadBalancerIP %s as it is not one of the load balancer's addresses %s", requested, pool)
		case held[address] != "":
			return netip.Addr{}, fmt.Sprintf("Cannot assign loadBalancerIP %s as Service %s has it", requested, held[address])
		}
		return address, ""
	}
	for address := pool.Masked().Addr().Next(); usable(pool, address); address = address.Next() {
		if held[address] == "" {
			return address, ""
		}
	}
	return netip.Addr{}, fmt.Sprintf("Cannot assign an address as all of %s are in use", pool)
}

// usable leaves out the pool's first and last address: as network and broadcast address some clients treat them specially.
func usable(pool netip.Prefix, address netip.Addr) bool {
	return pool.Contains(address) && address != pool.Masked().Addr() && pool.Contains(address.Next())
}

func inOrder(services []Service) []Service {
	return slices.SortedFunc(slices.Values(services), func(a, b Service) int {
		return cmp.Or(
			a.Metadata.CreationTimestamp.Compare(b.Metadata.CreationTimestamp),
			cmp.Compare(a.Metadata.Namespace, b.Metadata.Namespace),
			cmp.Compare(a.Metadata.Name, b.Metadata.Name),
		)
	})
}
