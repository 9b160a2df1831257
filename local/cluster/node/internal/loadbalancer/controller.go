package loadbalancer

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/netip"
	"time"

	"tcp-ingress.local/node/internal/api"
)

// Run gives Services addresses of the pool until the context ends.
func Run(ctx context.Context, client *api.Client, pool netip.Prefix, gate *Gate) {
	reported := map[string]string{}
	api.Follow(ctx, client, "/api/v1/services", func(services []Service) {
		for _, change := range Assign(pool, services) {
			if change.Problem != "" {
				if reported[change.Service.Identity()] == change.Problem {
					continue
				}
				reported[change.Service.Identity()] = change.Problem
				if err := report(ctx, client, change); err != nil {
					log.Printf("Cannot report on Service %s/%s: %v", change.Service.Metadata.Namespace, change.Service.Metadata.Name, err)
				}
			}
			if err := publish(ctx, client, change, gate); err != nil {
				log.Printf("Cannot set the address of Service %s/%s: %v", change.Service.Metadata.Namespace, change.Service.Metadata.Name, err)
			}
		}
	}, func(err error) { log.Printf("Cannot follow the Services: %v", err) })
}

// publish sets the Service's status while the gate holds what comes for the address.
func publish(ctx context.Context, client *api.Client, change Change, gate *Gate) error {
	if !change.Address.IsValid() {
		return write(ctx, client, change)
	}
	release, err := gate.hold(change.Address)
	if err != nil {
		return err
	}
	err = write(ctx, client, change)
	go func() {
		if err := release(ctx); err != nil {
			log.Printf("Cannot wait until %s is served: %v", change.Address, err)
		}
	}()
	return err
}

// write sets the Service's status, unless it says so already.
func write(ctx context.Context, client *api.Client, change Change) error {
	ingress := []map[string]string{}
	if change.Address.IsValid() {
		ingress = append(ingress, map[string]string{"ip": change.Address.String()})
	} else if _, has := change.Service.current(); !has {
		return nil
	}
	of := change.Service.Metadata
	err := client.Merge(ctx, fmt.Sprintf("/api/v1/namespaces/%s/services/%s/status", of.Namespace, of.Name), map[string]any{
		"metadata": map[string]any{"resourceVersion": of.ResourceVersion},
		"status":   map[string]any{"loadBalancer": map[string]any{"ingress": ingress}},
	})
	// It has changed or gone in the meantime: the next event of the watch tells.
	if api.IsStatus(err, http.StatusConflict) || api.IsStatus(err, http.StatusNotFound) {
		return nil
	}
	return err
}

// report writes an Event of the reason that Kubernetes' own service controller uses, so that tools which wait for an address show it.
func report(ctx context.Context, client *api.Client, change Change) error {
	of := change.Service.Metadata
	now := time.Now().UTC().Format(time.RFC3339)
	return client.Create(ctx, fmt.Sprintf("/api/v1/namespaces/%s/events", of.Namespace), map[string]any{
		"apiVersion": "v1", "kind": "Event",
		"metadata":       map[string]any{"generateName": of.Name + ".", "namespace": of.Namespace},
		"involvedObject": map[string]any{"apiVersion": "v1", "kind": "Service", "namespace": of.Namespace, "name": of.Name, "uid": of.UID},
		"type":           "Warning", "reason": "SyncLoadBalancerFailed", "message": change.Problem,
		"source":         map[string]any{"component": "service-controller"},
		"firstTimestamp": now, "lastTimestamp": now, "count": 1,
	})
}
