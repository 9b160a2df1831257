package component

import (
	"fmt"

	"tcp-ingress.local/node/internal/namespace"
	"tcp-ingress.local/node/internal/spec"
)

// cniConfig attaches pods to the bridge. No masquerading: the host has a route to the pods, and sees them by their own addresses.
func cniConfig(s *spec.Spec) string {
	return fmt.Sprintf(`{
  "cniVersion": "1.0.0",
  "name": "pods",
  "plugins": [
    {
      "type": "bridge", "bridge": %q, "isGateway": true, "ipMasq": false, "hairpinMode": true,
      "ipam": {
        "type": "host-local",
        "ranges": [[{ "subnet": %q, "gateway": %q }]],
        "routes": [{ "dst": "0.0.0.0/0" }]
      }
    },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
`, namespace.Bridge, s.Network.Pods, s.Network.PodGateway)
}
