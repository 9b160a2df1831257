package node

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"tcp-ingress.local/node/internal/api"
	"tcp-ingress.local/node/internal/spec"
)

// until asks again and again, as what it waits for sends no events while it starts.
func until(ctx context.Context, what string, limit time.Duration, ok func(context.Context) bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("waited %v for it", limit))
	defer cancel()
	for !ok(ctx) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, context.Cause(ctx))
		case <-time.After(25 * time.Millisecond):
		}
	}
	return nil
}

// listens says whether somebody accepts connections on a unix socket.
func listens(path string) func(context.Context) bool {
	return func(ctx context.Context) bool {
		connection, err := new(net.Dialer).DialContext(ctx, "unix", path)
		if err != nil {
			return false
		}
		return connection.Close() == nil
	}
}

// answers says whether a web server answers with success.
func answers(url string) func(context.Context) bool {
	client := &http.Client{Transport: new(http.Transport), Timeout: time.Second}
	return func(ctx context.Context) bool {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return false
		}
		response, err := client.Do(request)
		if err != nil {
			return false
		}
		return response.Body.Close() == nil && response.StatusCode == http.StatusOK
	}
}

// nodeReady says whether kubelet has called its node ready since a time: the word of the last run may still stand.
func nodeReady(client *api.Client, s *spec.Spec, since time.Time) func(context.Context) bool {
	return func(ctx context.Context) bool {
		var node struct {
			Status struct {
				Conditions []struct {
					Type, Status      string
					LastHeartbeatTime time.Time
				}
			}
		}
		if client.Get(ctx, "/api/v1/nodes/"+s.NodeName, &node) != nil {
			return false
		}
		for _, condition := range node.Status.Conditions {
			// Heartbeats count in whole seconds.
			if condition.Type == "Ready" && condition.Status == "True" && !condition.LastHeartbeatTime.Before(since.Truncate(time.Second)) {
				return true
			}
		}
		return false
	}
}
