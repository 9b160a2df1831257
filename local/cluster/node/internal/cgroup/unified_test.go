package cgroup

import (
	"os"
	"path/filepath"
	"testing"
)

// A folder with the two files stands for a control group: the kernel keeps one enabled set, of which each write adds one.
func TestDelegateEnablesWhatIsThereAndMissing(t *testing.T) {
	group := t.TempDir()
	for file, text := range map[string]string{"cgroup.controllers": "cpu memory misc\n", "cgroup.subtree_control": "cpu\n"} {
		if err := os.WriteFile(filepath.Join(group, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := delegate(group); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(filepath.Join(group, "cgroup.subtree_control"))
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != "+memory" {
		t.Errorf("wrote %q, want only the missing controller", written)
	}
}
