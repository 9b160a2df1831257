// Package hostnet makes, finds and removes what a cluster has in the host's network namespace: one veth pair and the routes over it.
package hostnet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
)

// IP runs ip(8) of iproute2.
type IP struct {
	Path string
	Env  []string
}

// Run runs one command, given as on a command line.
func (ip IP) Run(line string) error {
	_, err := ip.output(line)
	return err
}

func (ip IP) output(line string) ([]byte, error) {
	command := exec.Command(ip.Path, strings.Fields(line)...)
	command.Env = ip.Env
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("ip %s: %w: %s", line, err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}

func (ip IP) list(into any, line string) error {
	out, err := ip.output("-json " + line)
	if err != nil {
		return err
	}
	// Older versions print nothing at all for an empty list.
	if len(bytes.TrimSpace(out)) == 0 {
		return nil
	}
	if err := json.Unmarshal(out, into); err != nil {
		return fmt.Errorf("ip %s: cannot parse its answer: %w", line, err)
	}
	return nil
}
