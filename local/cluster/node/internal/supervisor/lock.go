// Package supervisor is the host's side of a cluster: it makes the namespaces, connects them and takes all of it away again.
package supervisor

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"tcp-ingress.local/node/internal/spec"
)

// takeLock takes the lock on the cluster's state. Every process of a cluster inherits it, so it is free only when the last of them has
// ended; the processes of a cluster that was killed get a while for that.
func takeLock(s *spec.Spec) (*os.File, error) {
	const limit = 20 * time.Second
	file, err := os.OpenFile(s.InState("lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot open the lock of the cluster's state: %w", err)
	}
	for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return file, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) || time.Now().After(end) {
			file.Close()
			return nil, fmt.Errorf("cannot lock %s: %w; processes of cluster %s still run (fuser %[1]s)", file.Name(), err, s.Instance)
		}
	}
}
