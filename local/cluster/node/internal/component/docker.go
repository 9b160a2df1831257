package component

import (
	"os"

	"tcp-ingress.local/node/internal/process"
	"tcp-ingress.local/node/internal/spec"
)

// Docker is the engine that builds images. It starts when somebody connects to its socket (listener), by way of
// "cluster-node activate", which tells it about the descriptor as systemd would (sd_listen_fds(3)).
// Builds have no network but the engine's bridge, and nothing there leads out.
func Docker(s *spec.Spec, listener *os.File, cgroupParent string) (process.Command, error) {
	self, err := os.Executable()
	if err != nil {
		return process.Command{}, err
	}
	started := command(s, "dockerd",
		"activate", s.Program("dockerd"),
		"--host=fd://", "--containerd="+Socket(s),
		"--data-root="+s.InState("docker"), "--exec-root=/run/docker", "--pidfile=/run/docker.pid",
		// With the scheme, as BuildKit would otherwise try nothing but TLS.
		"--insecure-registry=http://"+s.Registry(),
		"--bip="+s.Network.Engine.String(), "--iptables=false", "--ip6tables=false", "--ip-masq=false", "--userland-proxy=false",
		"--cgroup-parent="+cgroupParent, "--exec-opt=native.cgroupdriver=cgroupfs", "--oom-score-adjust=0",
		"--shutdown-timeout=3", "--log-level=warn")
	started.Path, started.Extra = self, []*os.File{listener}
	return started, nil
}

// DockerSocket is the engine's.
func DockerSocket(s *spec.Spec) string { return s.InRun("docker.sock") }
