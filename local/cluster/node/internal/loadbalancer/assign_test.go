package loadbalancer

import (
	"net/netip"
	"slices"
	"testing"
	"time"
)

var pool = netip.MustParsePrefix("10.0.1.0/29")

type option func(*Service)

func named(name string, age int, options ...option) Service {
	var service Service
	service.Metadata.Namespace, service.Metadata.Name, service.Metadata.UID = "default", name, name
	service.Metadata.CreationTimestamp = time.Unix(int64(1000-age), 0)
	service.Spec.Type = "LoadBalancer"
	for _, set := range options {
		set(&service)
	}
	return service
}

func asking(address string) option { return func(s *Service) { s.Spec.LoadBalancerIP = address } }
func kind(kind string) option      { return func(s *Service) { s.Spec.Type = kind } }
func class(name string) option     { return func(s *Service) { s.Spec.LoadBalancerClass = &name } }
func having(address string) option {
	return func(s *Service) {
		s.Status.LoadBalancer.Ingress = append(s.Status.LoadBalancer.Ingress, struct{ IP string }{address})
	}
}

func TestAssign(t *testing.T) {
	for _, test := range []struct {
		name     string
		services []Service
		want     []string
	}{
		{"the oldest is served first", []Service{named("young", 1), named("old", 2)}, []string{"old=10.0.1.1", "young=10.0.1.2"}},
		{"an address that is held is kept and not given again", []Service{named("new", 9), named("held", 1, having("10.0.1.1"))}, []string{"new=10.0.1.2"}},
		{"a requested address is reserved before others choose", []Service{named("any", 9), named("asks", 1, asking("10.0.1.1"))}, []string{"asks=10.0.1.1", "any=10.0.1.2"}},
		{"a requested address is not given twice", []Service{named("first", 9, asking("10.0.1.3"), having("10.0.1.3")), named("second", 1, asking("10.0.1.3"))},
			[]string{"second: Cannot assign loadBalancerIP 10.0.1.3 as Service default/first has it"}},
		{"a request outside of the pool is refused", []Service{named("far", 1, asking("192.0.2.1"))},
			[]string{"far: Cannot assign loadBalancerIP 192.0.2.1 as it is not one of the load balancer's addresses 10.0.1.0/29"}},
		{"a request that is no address is refused", []Service{named("odd", 1, asking("here"))}, []string{"odd: Cannot assign loadBalancerIP here as it is no IP address"}},
		{"a changed request moves the Service", []Service{named("moves", 1, asking("10.0.1.4"), having("10.0.1.1"))}, []string{"moves=10.0.1.4"}},
		{"a Service that is no load balancer any more gives its address back", []Service{named("was", 9, kind("ClusterIP"), having("10.0.1.1")), named("next", 1)},
			[]string{"was=none", "next=10.0.1.1"}},
		{"other kinds and classes are left alone", []Service{named("plain", 2, kind("ClusterIP")), named("other", 1, class("example.com/lb"), having("192.0.2.1"))}, nil},
		{"two that hold one address: the older keeps it", []Service{named("old", 2, having("10.0.1.1")), named("young", 1, having("10.0.1.1"))}, []string{"young=10.0.1.2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := told(Assign(pool, test.services)); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAssignUntilThePoolIsEmpty(t *testing.T) {
	services := []Service{named("a", 9), named("b", 8), named("c", 7), named("d", 6), named("e", 5), named("f", 4), named("g", 3)}
	got := told(Assign(pool, services))
	if want := "f=10.0.1.6"; got[5] != want {
		t.Errorf("got %q, want %q", got[5], want)
	}
	if want := "g: Cannot assign an address as all of 10.0.1.0/29 are in use"; got[6] != want {
		t.Errorf("got %q, want %q", got[6], want)
	}
}

func told(changes []Change) []string {
	var told []string
	for _, change := range changes {
		switch {
		case change.Problem != "":
			told = append(told, change.Service.Metadata.Name+": "+change.Problem)
		case change.Address.IsValid():
			told = append(told, change.Service.Metadata.Name+"="+change.Address.String())
		default:
			told = append(told, change.Service.Metadata.Name+"=none")
		}
	}
	return told
}
