package namespace

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tcp-ingress.local/node/internal/spec"
)

// opened is a folder of the host's that is held open while something is mounted over it.
type opened struct {
	path string
	file *os.File
}

// openCovered opens what the cluster needs below the places where it begins with an empty folder: its sockets, and its state and
// programs where somebody keeps these there (a home folder in /var/lib, say).
func openCovered(s *spec.Spec) ([]opened, error) {
	programs, err := resolved(s.Programs)
	if err != nil {
		return nil, err
	}
	var all []opened
	seen := map[string]bool{}
	for _, path := range append(programs, s.Run, s.State, s.Programs, s.CNIPlugins) {
		folder, covered := coveredFolder(path)
		if path == s.Run {
			folder = s.Run
		}
		if !covered || seen[folder] {
			continue
		}
		seen[folder] = true
		file, err := os.Open(folder)
		if err != nil {
			return nil, fmt.Errorf("cannot open a folder that the cluster needs: %w", err)
		}
		all = append(all, opened{folder, file})
	}
	return all, nil
}

// uncover makes the folders visible again at their old places.
func uncover(all []opened) error {
	for _, each := range all {
		defer each.file.Close()
		if err := bind(fmt.Sprintf("/proc/self/fd/%d", each.file.Fd()), each.path); err != nil {
			return err
		}
	}
	return nil
}

// coveredFolder is the folder, right below one that begins empty, in which a path lies.
func coveredFolder(path string) (folder string, covered bool) {
	for _, top := range empty {
		if below, ok := strings.CutPrefix(path, top+"/"); ok {
			first, _, _ := strings.Cut(below, "/")
			return filepath.Join(top, first), true
		}
	}
	return "", false
}

// resolved are the files that the links in a folder lead to.
func resolved(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("cannot list the cluster's programs: %w", err)
	}
	var files []string
	for _, entry := range entries {
		file, err := filepath.EvalSymlinks(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("cannot find a program of the cluster: %w", err)
		}
		files = append(files, file)
	}
	return files, nil
}
