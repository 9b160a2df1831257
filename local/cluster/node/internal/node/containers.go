package node

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stopContainers asks every container's first process to end, and waits until they have or the limit is over. To be called when
// nothing starts them again.
func stopContainers(limit time.Duration) error {
	containers, err := containerProcesses()
	if err != nil {
		return err
	}
	for _, pid := range containers {
		if err := syscall.Kill(pid, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("cannot stop container process %d: %w", pid, err)
		}
	}
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if containers, err = containerProcesses(); err != nil || len(containers) == 0 {
			return err
		}
	}
	return nil
}

// containerProcesses are the children of containerd's shims.
func containerProcesses() ([]int, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	names, parents := map[int]string{}, map[int]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// "PID (NAME) STATE PPID …", and a name may have any character in it (proc(5)).
		open, shut := strings.IndexByte(string(text), '('), strings.LastIndexByte(string(text), ')')
		fields := strings.Fields(string(text[shut+1:]))
		pid, pidErr := strconv.Atoi(strings.TrimSpace(string(text[:open])))
		parent, parentErr := strconv.Atoi(fields[1])
		if err := errors.Join(pidErr, parentErr); err != nil {
			return nil, fmt.Errorf("cannot parse %s: %w", file, err)
		}
		names[pid], parents[pid] = string(text[open+1:shut]), parent
	}
	var containers []int
	for pid, parent := range parents {
		// The kernel cuts names at 15 bytes.
		if strings.HasPrefix(names[parent], "containerd-shim") && !strings.HasPrefix(names[pid], "containerd-shim") {
			containers = append(containers, pid)
		}
	}
	return containers, nil
}
