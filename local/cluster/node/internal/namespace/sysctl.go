package namespace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// kubeletWants are the settings of the whole machine's kernel that kubelet makes at its start
// (k8s.io/kubernetes/pkg/kubelet/cm, setupKernelTunables).
var kubeletWants = map[string]string{
	"vm/overcommit_memory":      "1",
	"vm/panic_on_oom":           "0",
	"kernel/panic":              "10",
	"kernel/panic_on_oops":      "1",
	"kernel/keys/root_maxkeys":  "1000000",
	"kernel/keys/root_maxbytes": "25000000",
}

// ShieldSysctls hides the kernel settings that kubelet would make for the whole machine behind files that have its values already: the
// host keeps its own. The files lie in folder, which has to be empty at each start.
func ShieldSysctls(folder string) error {
	for name, value := range kubeletWants {
		target := filepath.Join("/proc/sys", name)
		if _, err := os.Stat(target); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		source := filepath.Join(folder, strings.ReplaceAll(name, "/", "."))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("cannot make the folder of the kernel settings that kubelet sees: %w", err)
		}
		if err := os.WriteFile(source, []byte(value+"\n"), 0o644); err != nil {
			return fmt.Errorf("cannot write the kernel setting that kubelet sees: %w", err)
		}
		if err := (mount{source: source, target: target, flags: syscall.MS_BIND}).do(); err != nil {
			return err
		}
	}
	return nil
}

// setSysctls makes the settings of this network namespace.
func setSysctls() error {
	for _, setting := range []struct{ name, value, hint string }{
		{"net/ipv4/ip_forward", "1", ""},
		// Else the answer of a pod to another on the same bridge would pass by the address translation of Services.
		{"net/bridge/bridge-nf-call-iptables", "1", "; load the kernel module br_netfilter (modprobe br_netfilter)"},
	} {
		if err := os.WriteFile(filepath.Join("/proc/sys", setting.name), []byte(setting.value), 0o644); err != nil {
			return fmt.Errorf("cannot set %s: %w%s", setting.name, err, setting.hint)
		}
	}
	return nil
}
