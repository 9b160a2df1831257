package component

import (
	"fmt"

	"tcp-ingress.local/node/internal/process"
	"tcp-ingress.local/node/internal/spec"
)

// volumePlugins is a folder that nothing but this cluster writes to, unlike the default below /usr.
const volumePlugins = "/var/lib/kubelet/volume-plugins"

// Kubelet runs the node's pods.
func Kubelet(s *spec.Spec) process.Command {
	return command(s, "kubelet",
		"--config="+s.InState("config", "kubelet.yaml"), "--kubeconfig="+s.InState("pki", "kubelet.kubeconfig"),
		"--node-ip="+s.Network.Node.String(), "--hostname-override="+s.NodeName)
}

// kubeletConfig is kubelet.config.k8s.io/v1beta1. protectKernelDefaults makes kubelet fail rather than change the host's kernel
// settings; oomScoreAdj is 0 as a local cluster has no claim to live longer than what else runs on the machine.
func kubeletConfig(s *spec.Spec, cgroupRoot string) string {
	return fmt.Sprintf(`apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: %[1]s
authentication:
  anonymous: { enabled: false }
  webhook: { enabled: true }
  x509: { clientCAFile: %[2]s/ca.crt }
authorization: { mode: Webhook }
tlsCertFile: %[2]s/kubelet.crt
tlsPrivateKeyFile: %[2]s/kubelet.key
containerRuntimeEndpoint: unix://%[3]s
cgroupDriver: cgroupfs
cgroupRoot: %[4]s
failCgroupV1: false
failSwapOn: false
protectKernelDefaults: true
oomScoreAdj: 0
clusterDNS: [%[5]s]
clusterDomain: cluster.local
resolvConf: %[6]s
imageGCHighThresholdPercent: 100
evictionHard: { memory.available: 100Mi, nodefs.available: 1%%, imagefs.available: 1%%, nodefs.inodesFree: 1%% }
nodeStatusUpdateFrequency: 5s
volumePluginDir: %[7]s
podLogsDir: /var/log/pods
`, s.Network.Node, s.InState("pki"), Socket(s), cgroupRoot, s.Network.DNS, resolvConf(s), volumePlugins)
}

// resolvConf is what pods with dnsPolicy Default get.
func resolvConf(s *spec.Spec) string { return s.InState("config", "resolv.conf") }
