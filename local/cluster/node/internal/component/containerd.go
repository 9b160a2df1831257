package component

import (
	"fmt"

	"tcp-ingress.local/node/internal/process"
	"tcp-ingress.local/node/internal/spec"
)

// Socket is containerd's.
func Socket(s *spec.Spec) string { return s.InRun("containerd.sock") }

// Containerd runs containers, for kubelet and for the Docker engine.
func Containerd(s *spec.Spec) process.Command {
	return command(s, "containerd", "--config="+s.InState("config", "containerd.toml"))
}

// Ctr runs containerd's client in the namespace of Kubernetes' images.
func Ctr(s *spec.Spec, args ...string) process.Command {
	return command(s, "ctr", append([]string{"--address", Socket(s), "--namespace", "k8s.io"}, args...)...)
}

// containerdConfig is version 2 of its configuration. restrict_oom_score_adj, as lowering a score below one's own needs
// CAP_SYS_RESOURCE; no AppArmor, as profiles would be loaded into the host's kernel.
func containerdConfig(s *spec.Spec, pauseImage string) string {
	return fmt.Sprintf(`version = 2
root = %[1]q
state = "/run/containerd"
oom_score = 0
[grpc]
  address = %[2]q
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = %[3]q
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = %[4]q
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = %[5]q
    conf_dir = %[6]q
  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
`, s.InState("containerd"), Socket(s), pauseImage, s.InState("config", "registries"), s.CNIPlugins, s.InState("config", "cni"))
}

// registryHosts lets containerd pull from the registry by plain HTTP
// (https://github.com/containerd/containerd/blob/main/docs/hosts.md).
func registryHosts(s *spec.Spec) string {
	return fmt.Sprintf("server = \"http://%[1]s\"\n\n[host.\"http://%[1]s\"]\n  capabilities = [\"pull\", \"resolve\"]\n", s.Registry())
}
