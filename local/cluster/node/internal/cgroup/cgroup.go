// Package cgroup makes and removes the subtree of the control-group hierarchies in which a cluster's containers live.
package cgroup

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Root is where the hierarchies are mounted.
const Root = "/sys/fs/cgroup"

// unifiedMagic is CGROUP2_SUPER_MAGIC of statfs(2).
const unifiedMagic = 0x63677270

// Unified says whether the machine has the one hierarchy of cgroup v2 rather than one for each controller (v1).
func Unified() (bool, error) {
	var info syscall.Statfs_t
	if err := syscall.Statfs(Root, &info); err != nil {
		return false, fmt.Errorf("cannot look at %s: %w; a cluster needs control groups", Root, err)
	}
	return info.Type == unifiedMagic, nil
}

// Create makes the subtree.
func Create(name string) error {
	unified, err := Unified()
	if err != nil {
		return err
	}
	if unified {
		return createUnified(Root, name)
	}
	return createSplit(name)
}

// Remove removes the subtree, waiting up to limit for the processes in it to be gone.
func Remove(name string, limit time.Duration) error {
	hierarchies, err := mounts("cgroup", "cgroup2")
	if err != nil {
		return err
	}
	end := time.Now().Add(limit)
	for _, hierarchy := range hierarchies {
		top := filepath.Join(hierarchy, name)
		for {
			err := removeTree(top)
			if err == nil {
				break
			}
			// The kernel reports EBUSY for a moment after the last process has ended.
			if !errors.Is(err, syscall.EBUSY) || time.Now().After(end) {
				return fmt.Errorf("cannot remove control group %s: %w", top, err)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	return nil
}

// Left lists the folders of the subtree that exist.
func Left(name string) ([]string, error) {
	hierarchies, err := mounts("cgroup", "cgroup2")
	if err != nil {
		return nil, err
	}
	var left []string
	for _, hierarchy := range hierarchies {
		if _, err := os.Stat(filepath.Join(hierarchy, name)); err == nil {
			left = append(left, filepath.Join(hierarchy, name))
		}
	}
	return left, nil
}

// removeTree removes a folder and those below, deepest first. Files can't be unlinked in a cgroup hierarchy and need not be.
func removeTree(top string) error {
	var folders []string
	err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if entry.IsDir() {
			folders = append(folders, path)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, folder := range slices.Backward(folders) {
		if err := syscall.Rmdir(folder); err != nil && !errors.Is(err, syscall.ENOENT) {
			return err
		}
	}
	return nil
}

// mounts are the mount points of the file systems of the given kinds below Root.
func mounts(kinds ...string) ([]string, error) {
	file, err := os.Open("/proc/self/mounts")
	if err != nil {
		return nil, fmt.Errorf("cannot list control-group hierarchies: %w", err)
	}
	defer file.Close()
	var points []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) > 2 && slices.Contains(kinds, fields[2]) && strings.HasPrefix(fields[1], Root) {
			points = append(points, fields[1])
		}
	}
	return points, nil
}
