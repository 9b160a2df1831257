package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// processTree gives a process and all that it started and that still run (proc(5), task/TID/children).
func processTree(pid int) []int {
	tree := []int{pid}
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		// A thread that has ended meanwhile has no children.
		text, _ := os.ReadFile(list)
		for _, field := range bytes.Fields(text) {
			if child, err := strconv.Atoi(string(field)); err == nil {
				tree = append(tree, processTree(child)...)
			}
		}
	}
	return tree
}

// cpuTime is what the threads of a process tree have spent on a processor, in user and in system mode (proc(5), schedstat).
func cpuTime(pid int) (time.Duration, error) {
	total := time.Duration(0)
	threads := 0
	for _, process := range processTree(pid) {
		files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", process))
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				continue
			}
			var nanoseconds int64
			if _, err := fmt.Sscan(string(text), &nanoseconds); err != nil {
				return 0, fmt.Errorf("Cannot read %s: %w", file, err)
			}
			total += time.Duration(nanoseconds)
			threads++
		}
	}
	if threads == 0 {
		return 0, fmt.Errorf("Cannot tell the CPU time of process %d: it has ended, or the kernel keeps no schedstat", pid)
	}
	return total, nil
}

// memory is the resident set of a process tree, in bytes: all of it, and with pages that are shared counted in part (proc(5), smaps_rollup).
type memory struct {
	Resident     int64 `json:"resident"`
	Proportional int64 `json:"proportional"`
}

func memoryOf(pid int) (memory, error) {
	var sum memory
	for _, process := range processTree(pid) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", process))
		if err != nil {
			return sum, fmt.Errorf("Cannot tell the memory of process %d: %w", process, err)
		}
		for _, line := range bytes.Split(text, []byte("\n")) {
			fields := bytes.Fields(line)
			if len(fields) < 2 {
				continue
			}
			kibibytes, _ := strconv.ParseInt(string(fields[1]), 10, 64)
			switch string(fields[0]) {
			case "Rss:":
				sum.Resident += kibibytes << 10
			case "Pss:":
				sum.Proportional += kibibytes << 10
			}
		}
	}
	return sum, nil
}
