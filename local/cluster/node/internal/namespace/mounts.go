// Package namespace furnishes the mount and network namespaces that a cluster runs in.
package namespace

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"tcp-ingress.local/node/internal/spec"
)

// kept are the folders that Kubernetes programs have at fixed places and that outlive a restart, as they would on a node that reboots.
var kept = []string{"/var/lib/kubelet", "/var/log/pods"}

// empty are the folders that begin empty at each start: what is in them speaks of sandboxes that are gone.
var empty = []string{"/run", "/var/lib", "/var/log"}

// Mount gives the calling mount namespace a file system of its own: the host's, with the places where a cluster writes replaced.
// Nothing that is mounted here reaches the host.
func Mount(s *spec.Spec, unified bool) error {
	steps := []mount{
		{target: "/", flags: syscall.MS_REC | syscall.MS_PRIVATE},
		// Volumes with bidirectional mount propagation need shared mounts inside.
		{target: "/", flags: syscall.MS_REC | syscall.MS_SHARED},
		{source: "proc", target: "/proc", kind: "proc", flags: syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC},
	}
	if err := mountAll(steps); err != nil {
		return err
	}
	if err := mountSysfs(unified); err != nil {
		return err
	}
	covered, err := openCovered(s)
	if err != nil {
		return err
	}
	for _, target := range empty {
		if err := (mount{source: "tmpfs", target: target, kind: "tmpfs", flags: syscall.MS_NOSUID | syscall.MS_NODEV, data: "mode=755"}).do(); err != nil {
			return err
		}
	}
	if err := uncover(covered); err != nil {
		return err
	}
	for _, target := range kept {
		source := s.InState("node", filepath.Base(target))
		if err := os.MkdirAll(source, 0o755); err != nil {
			return fmt.Errorf("cannot make a folder that outlives the cluster: %w", err)
		}
		if err := bind(source, target); err != nil {
			return err
		}
	}
	return nil
}

// mountSysfs makes /sys show this network namespace and, on cgroup v2, this cgroup namespace. The host's security modules vanish
// from sight with it, so that no container runtime loads profiles into the host's kernel.
func mountSysfs(unified bool) error {
	const groups = "/sys/fs/cgroup"
	hierarchies, err := os.Open(groups)
	if err != nil {
		return fmt.Errorf("cannot open the control-group hierarchies: %w", err)
	}
	defer hierarchies.Close()
	if err := (mount{source: "sysfs", target: "/sys", kind: "sysfs", flags: syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC}).do(); err != nil {
		return err
	}
	if unified {
		return mount{source: "cgroup2", target: groups, kind: "cgroup2", flags: syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC}.do()
	}
	return mount{source: fmt.Sprintf("/proc/self/fd/%d", hierarchies.Fd()), target: groups, flags: syscall.MS_BIND | syscall.MS_REC}.do()
}

type mount struct {
	source, target, kind string
	flags                uintptr
	data                 string
}

func (m mount) do() error {
	if err := syscall.Mount(m.source, m.target, m.kind, m.flags, m.data); err != nil {
		return fmt.Errorf("cannot mount %s on %s: %w", m.source, m.target, err)
	}
	return nil
}

func mountAll(steps []mount) error {
	for _, step := range steps {
		if err := step.do(); err != nil {
			return err
		}
	}
	return nil
}

func bind(source, target string) error {
	if err := os.MkdirAll(target, 0o755); err != nil {
		return fmt.Errorf("cannot make mount point %s: %w", target, err)
	}
	return mount{source: source, target: target, flags: syscall.MS_BIND}.do()
}
