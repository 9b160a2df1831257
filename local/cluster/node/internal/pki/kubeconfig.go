package pki

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"

	"tcp-ingress.local/node/internal/spec"
)

// writeKubeconfig writes NAME.kubeconfig with the certificates inside, so that it can be copied anywhere.
func writeKubeconfig(folder, name string, s *spec.Spec) error {
	var data [3]string
	for i, file := range []string{"ca.crt", name + ".crt", name + ".key"} {
		text, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			return fmt.Errorf("cannot read what kubeconfig %s is made of: %w", name, err)
		}
		data[i] = base64.StdEncoding.EncodeToString(text)
	}
	cluster := "tcp-ingress-" + s.Instance
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: %[1]s
clusters:
  - name: %[1]s
    cluster: { server: "%[2]s", certificate-authority-data: %[4]s }
users:
  - name: %[3]s
    user: { client-certificate-data: %[5]s, client-key-data: %[6]s }
contexts:
  - name: %[1]s
    context: { cluster: %[1]s, user: %[3]s }
`, cluster, s.APIServer(), name, data[0], data[1], data[2])
	return os.WriteFile(filepath.Join(folder, name+".kubeconfig"), []byte(text), 0o600)
}
