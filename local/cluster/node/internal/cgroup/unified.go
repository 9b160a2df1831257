package cgroup

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// systemGroup holds the cluster's own processes: a group with controllers for its children can't hold processes itself
// (the "no internal process" rule of cgroups(7)).
const systemGroup = "system"

// delegated are the controllers that kubelet wants for its pods.
var delegated = []string{"cpu", "cpuset", "io", "memory", "pids", "hugetlb"}

// createUnified makes NAME under root, with controllers. Its children get theirs by Delegate, when nothing runs in NAME itself.
func createUnified(root, name string) error {
	if err := os.MkdirAll(filepath.Join(root, name), 0o755); err != nil {
		return fmt.Errorf("cannot make control group: %w", err)
	}
	return delegate(root)
}

// delegate gives a group's children all controllers that it has itself, leaving alone those that they have already.
func delegate(group string) error {
	available, err := words(filepath.Join(group, "cgroup.controllers"))
	if err != nil {
		return err
	}
	control := filepath.Join(group, "cgroup.subtree_control")
	enabled, err := words(control)
	if err != nil {
		return err
	}
	for _, controller := range delegated {
		if !slices.Contains(available, controller) || slices.Contains(enabled, controller) {
			continue
		}
		if err := os.WriteFile(control, []byte("+"+controller), 0o644); err != nil {
			return fmt.Errorf("cannot enable controller %s below control group %s: %w", controller, group, err)
		}
	}
	return nil
}

func words(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("cannot read controllers: %w", err)
	}
	return strings.Fields(string(text)), nil
}

// OpenTop opens the top of the subtree on cgroup v2, where the first process is put so that a cgroup namespace begins there; nil on v1.
func OpenTop(name string) (*os.File, error) {
	unified, err := Unified()
	if err != nil || !unified {
		return nil, err
	}
	return os.Open(filepath.Join(Root, name))
}

// Delegate moves the first process of a cgroup namespace out of the namespace's root, as which the subtree appears inside, and gives
// the root's children their controllers.
func Delegate() error {
	if err := os.MkdirAll(filepath.Join(Root, systemGroup), 0o755); err != nil {
		return fmt.Errorf("cannot make the control group of the cluster's own processes: %w", err)
	}
	if err := os.WriteFile(filepath.Join(Root, systemGroup, "cgroup.procs"), []byte("1"), 0o644); err != nil {
		return fmt.Errorf("cannot move the cluster's first process into its control group: %w", err)
	}
	return delegate(Root)
}
