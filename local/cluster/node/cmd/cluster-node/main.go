// Cluster-node runs a single-node Kubernetes cluster in namespaces of its own:
//
//	cluster-node up SPEC      run the cluster until SIGTERM, SIGINT or "stop" on its control socket
//	cluster-node clean SPEC   remove what a killed cluster has left on the host, and check that nothing is left
//
// SPEC is the JSON file of internal/spec. Standard output has one line of JSON: that the control socket listens, or why the start failed.
// "init" and "activate" are for cluster-node itself.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"tcp-ingress.local/node/internal/control"
	"tcp-ingress.local/node/internal/node"
	"tcp-ingress.local/node/internal/spec"
	"tcp-ingress.local/node/internal/supervisor"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "Usage: cluster-node up|clean SPEC")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, control.Sentence(err))
		os.Exit(1)
	}
}

func run(command string, args []string) error {
	if command == "activate" {
		return node.Activate(args)
	}
	s, err := spec.Load(args[0])
	if err != nil {
		return err
	}
	switch command {
	case "up":
		return supervisor.Up(s, args[0], func(failure error) {
			line := control.Event{Type: "listening", Message: "The control socket listens"}
			if failure != nil {
				line = control.Failed(failure)
			}
			// Whoever started us may have gone: the cluster goes on.
			_ = json.NewEncoder(os.Stdout).Encode(line)
			os.Stdout.Close()
		})
	case "clean":
		return supervisor.Clean(s)
	case "init":
		return node.Init(s)
	default:
		return fmt.Errorf("unknown command %q", command)
	}
}
