package component

import (
	"fmt"

	"tcp-ingress.local/node/internal/process"
	"tcp-ingress.local/node/internal/spec"
)

// Registry is the image registry. It listens on the node's address, where host, engine and kubelet reach it under one name.
func Registry(s *spec.Spec) process.Command {
	return command(s, "docker-registry", "serve", s.InState("config", "registry.yaml"))
}

func registryConfig(s *spec.Spec) string {
	return fmt.Sprintf(`version: 0.1
log: { level: warn, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: %s }
  delete: { enabled: true }
http: { addr: "%s", secret: local }
`, s.InState("registry"), s.Registry())
}
