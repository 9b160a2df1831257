// Package dns installs the cluster's DNS server and asks it.
package dns

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"text/template"
	"time"

	"tcp-ingress.local/node/internal/api"
)

//go:embed manifests.yaml
var manifests string

var parsed = template.Must(template.New("manifests").Parse(manifests))

// Install applies CoreDNS, run from an image that containerd has, as a Service of that address.
func Install(ctx context.Context, client *api.Client, image string, address netip.Addr) error {
	var text bytes.Buffer
	if err := parsed.Execute(&text, map[string]any{"Image": image, "Address": address}); err != nil {
		return fmt.Errorf("cannot render the DNS server's manifests: %w", err)
	}
	for _, document := range strings.Split(text.String(), "---\n") {
		// The first line says where the object belongs: "# /api/v1/…".
		first, manifest, _ := strings.Cut(document, "\n")
		path := strings.TrimPrefix(first, "# ")
		if err := client.Apply(ctx, path, []byte(manifest)); err != nil {
			return fmt.Errorf("cannot apply %s: %w", path, err)
		}
	}
	return nil
}

// Answers says whether the DNS server knows the API server's Service. It takes kube-proxy, the pods' network and CoreDNS to answer.
func Answers(ctx context.Context, address netip.Addr) bool {
	const limit = 500 * time.Millisecond
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", netip.AddrPortFrom(address, 53).String())
	}}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	found, err := resolver.LookupHost(ctx, "kubernetes.default.svc.cluster.local.")
	return err == nil && len(found) > 0
}
