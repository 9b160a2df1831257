package component

import (
	"tcp-ingress.local/node/internal/process"
	"tcp-ingress.local/node/internal/spec"
)

// APIServer is the Kubernetes API, with the authorization and admission that any cluster has.
func APIServer(s *spec.Spec) process.Command {
	key := func(file string) string { return s.InState("pki", file) }
	return command(s, "kube-apiserver",
		"--etcd-servers="+etcdURL,
		"--advertise-address="+s.Network.Node.String(), "--secure-port=6443",
		"--service-cluster-ip-range="+s.Network.Services.String(),
		"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction", "--allow-privileged=true",
		"--client-ca-file="+key("ca.crt"), "--tls-cert-file="+key("apiserver.crt"), "--tls-private-key-file="+key("apiserver.key"),
		"--kubelet-certificate-authority="+key("ca.crt"),
		"--kubelet-client-certificate="+key("apiserver-kubelet-client.crt"), "--kubelet-client-key="+key("apiserver-kubelet-client.key"),
		"--kubelet-preferred-address-types=InternalIP",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file="+key("service-account.pub"), "--service-account-signing-key-file="+key("service-account.key"),
		"--requestheader-client-ca-file="+key("front-ca.crt"), "--requestheader-allowed-names=front-proxy-client",
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file="+key("front-proxy-client.crt"), "--proxy-client-key-file="+key("front-proxy-client.key"))
}

// ControllerManager runs Kubernetes' controllers.
func ControllerManager(s *spec.Spec) process.Command {
	key := func(file string) string { return s.InState("pki", file) }
	return command(s, "kube-controller-manager", append(asControlPlane(s, "controller-manager"),
		"--use-service-account-credentials=true",
		// At the default of 20 requests a second its start alone takes four seconds.
		"--kube-api-qps=500", "--kube-api-burst=1000",
		"--service-account-private-key-file="+key("service-account.key"), "--root-ca-file="+key("ca.crt"),
		"--cluster-signing-cert-file="+key("ca.crt"), "--cluster-signing-key-file="+key("ca.key"),
		"--cluster-cidr="+s.Network.Pods.String(),
		"--flex-volume-plugin-dir="+volumePlugins)...)
}

// Scheduler gives pods their node.
func Scheduler(s *spec.Spec) process.Command {
	return command(s, "kube-scheduler", asControlPlane(s, "scheduler")...)
}

func asControlPlane(s *spec.Spec, client string) []string {
	kubeconfig := s.InState("pki", client+".kubeconfig")
	return []string{
		"--kubeconfig=" + kubeconfig, "--authentication-kubeconfig=" + kubeconfig, "--authorization-kubeconfig=" + kubeconfig,
		"--leader-elect=false", "--bind-address=127.0.0.1",
	}
}
