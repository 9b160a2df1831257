package component

import (
	"fmt"
	"os"
	"path/filepath"

	"tcp-ingress.local/node/internal/spec"
)

// WriteConfig writes the configuration files of all components. They are written anew at each start: the description is what counts.
func WriteConfig(s *spec.Spec, pauseImage, cgroupRoot string) error {
	for file, text := range map[string]string{
		"containerd.toml": containerdConfig(s, pauseImage),
		"registries/" + s.Registry() + "/hosts.toml": registryHosts(s),
		"cni/10-bridge.conflist":                     cniConfig(s),
		"kubelet.yaml":                               kubeletConfig(s, cgroupRoot),
		"proxy.yaml":                                 proxyConfig(s),
		"registry.yaml":                              registryConfig(s),
		"resolv.conf":                                fmt.Sprintf("nameserver %s\n", s.Network.DNS),
	} {
		path := s.InState("config", file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("cannot make the folder of %s: %w", file, err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return fmt.Errorf("cannot write %s: %w", file, err)
		}
	}
	return nil
}
