package supervisor

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tcp-ingress.local/node/internal/cgroup"
	"tcp-ingress.local/node/internal/control"
	"tcp-ingress.local/node/internal/hostnet"
	"tcp-ingress.local/node/internal/spec"
)

// cgroupLimit is how long containers that were killed get to leave their control groups.
const cgroupLimit = 10 * time.Second

// Clean removes what a killed cluster has left on the host, and fails if something of it is still there.
func Clean(s *spec.Spec) error {
	if control.Alive(s.InRun("control.sock")) {
		return fmt.Errorf("cannot clean up after cluster %s as it runs", s.Instance)
	}
	if err := os.MkdirAll(s.State, 0o755); err != nil {
		return fmt.Errorf("cannot make the cluster's state folder: %w", err)
	}
	lock, err := takeLock(s)
	if err != nil {
		return err
	}
	defer lock.Close()
	ip := hostIP(s)
	if err := remove(ip, s); err != nil {
		return err
	}
	left, err := hostnet.Left(ip, s)
	if err != nil {
		return err
	}
	groups, err := cgroup.Left(s.Names.Cgroup)
	if err != nil {
		return err
	}
	if left = append(left, groups...); len(left) > 0 {
		return fmt.Errorf("cluster %s has left behind: %s", s.Instance, strings.Join(left, "; "))
	}
	return nil
}

// remove removes all that a cluster has on the host but its state. It may be called whether or not there is anything.
func remove(ip hostnet.IP, s *spec.Spec) error {
	err := errors.Join(hostnet.Remove(ip, s), cgroup.Remove(s.Names.Cgroup, cgroupLimit), os.RemoveAll(s.Run))
	// The folder above is shared with other clusters: it goes with the last one.
	_ = os.Remove(filepath.Dir(s.Run))
	return err
}

func hostIP(s *spec.Spec) hostnet.IP { return hostnet.IP{Path: s.Program("ip"), Env: s.Env()} }
