package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// createSplit makes the subtree in each hierarchy of cgroup v1. Only containers live there: the cluster's own processes stay in the
// control groups of whoever started it.
func createSplit(name string) error {
	hierarchies, err := mounts("cgroup")
	if err != nil {
		return err
	}
	for _, hierarchy := range hierarchies {
		group := filepath.Join(hierarchy, name)
		if err := os.MkdirAll(group, 0o755); err != nil {
			return fmt.Errorf("cannot make control group: %w", err)
		}
		// A new cpuset is empty, and nothing can run in an empty one.
		for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
			value, err := os.ReadFile(filepath.Join(hierarchy, file))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return fmt.Errorf("cannot read the processors of the control-group hierarchy: %w", err)
			}
			if err := os.WriteFile(filepath.Join(group, file), value, 0o644); err != nil {
				return fmt.Errorf("cannot give control group its processors: %w", err)
			}
		}
	}
	return nil
}
