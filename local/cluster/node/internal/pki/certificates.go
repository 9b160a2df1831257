package pki

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tcp-ingress.local/node/internal/spec"
)

// Ensure makes all keys and certificates unless they are there. They are made in a folder aside that is renamed when it is whole, so that
// a process killed half-way leaves nothing that a later one takes for complete.
func Ensure(s *spec.Spec) error {
	folder := s.InState("pki")
	if _, err := os.Stat(folder); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot look for the cluster's keys: %w", err)
	}
	draft := folder + ".draft"
	if err := os.RemoveAll(draft); err != nil {
		return fmt.Errorf("cannot remove unfinished keys: %w", err)
	}
	if err := os.MkdirAll(draft, 0o700); err != nil {
		return fmt.Errorf("cannot make the folder of the cluster's keys: %w", err)
	}
	if err := fill(draft, s); err != nil {
		return err
	}
	return os.Rename(draft, folder)
}

func fill(folder string, s *spec.Spec) error {
	cluster, err := newAuthority(folder, "ca")
	if err != nil {
		return err
	}
	front, err := newAuthority(folder, "front-ca")
	if err != nil {
		return err
	}
	node := s.Network.Node.String()
	local := []string{"localhost", "127.0.0.1"}
	// The names and groups are those of https://kubernetes.io/docs/setup/best-practices/certificates/: RBAC's built-in bindings go by them.
	subjects := map[string]subject{
		"apiserver": {commonName: "kube-apiserver", hosts: append([]string{
			"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", node, s.Network.API.String(),
		}, local...)},
		"apiserver-kubelet-client": {commonName: "kube-apiserver-kubelet-client", organizations: []string{"system:masters"}},
		"kubelet":                  {commonName: "system:node:" + s.NodeName, organizations: []string{"system:nodes"}, hosts: append([]string{s.NodeName, node}, local...)},
		"controller-manager":       {commonName: "system:kube-controller-manager", hosts: local},
		"scheduler":                {commonName: "system:kube-scheduler", hosts: local},
		"proxy":                    {commonName: "system:kube-proxy"},
		"admin":                    {commonName: "admin", organizations: []string{"system:masters"}},
	}
	for name, of := range subjects {
		if err := cluster.issue(name, of); err != nil {
			return err
		}
	}
	if err := front.issue("front-proxy-client", subject{commonName: "front-proxy-client"}); err != nil {
		return err
	}
	for _, client := range []string{"admin", "kubelet", "controller-manager", "scheduler", "proxy"} {
		if err := writeKubeconfig(folder, client, s); err != nil {
			return err
		}
	}
	return newServiceAccountKey(folder)
}

// newServiceAccountKey makes the pair that signs the tokens of service accounts.
func newServiceAccountKey(folder string) error {
	key, err := newKey(filepath.Join(folder, "service-account.key"))
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return fmt.Errorf("cannot encode the service accounts' public key: %w", err)
	}
	return writePEM(filepath.Join(folder, "service-account.pub"), "PUBLIC KEY", der, 0o644)
}
