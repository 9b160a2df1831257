// Package spec holds the description of one cluster: local/cluster/spec.ts writes it, every cluster-node command reads it.
package spec

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
)

// Spec says what one cluster is made of.
type Spec struct {
	// Instance names the cluster; host-wide names (interface, cgroup, sockets) derive from it.
	Instance string `json:"instance"`
	// NodeName is the name of the Node object and the host name inside the UTS namespace.
	NodeName string `json:"nodeName"`
	// State is the folder that outlives the cluster's processes: keys, etcd, images, registry content, logs.
	State string `json:"state"`
	// Run is the folder of the sockets that host and cluster share; it is short, as a socket's path is limited to 107 bytes.
	Run string `json:"run"`
	// Programs is the folder that holds a link to every program.
	Programs string `json:"programs"`
	// CNIPlugins is the folder of the container network plugins (bridge, host-local, portmap, loopback).
	CNIPlugins string `json:"cniPlugins"`
	// Environment is all that the programs get to see of an environment.
	Environment map[string]string `json:"environment"`
	// Network is the address plan.
	Network Network `json:"network"`
	// Names are those that show up outside of the cluster's namespaces.
	Names Names `json:"names"`
}

// Network is the address plan of a cluster. All of it lies in Block, so the host needs one route.
type Network struct {
	Block         netip.Prefix `json:"block"`
	Link          netip.Prefix `json:"link"`
	Host          netip.Addr   `json:"host"`
	Node          netip.Addr   `json:"node"`
	LoadBalancers netip.Prefix `json:"loadBalancers"`
	Pods          netip.Prefix `json:"pods"`
	PodGateway    netip.Addr   `json:"podGateway"`
	Engine        netip.Prefix `json:"engine"`
	Services      netip.Prefix `json:"services"`
	API           netip.Addr   `json:"api"`
	DNS           netip.Addr   `json:"dns"`
	RegistryPort  int          `json:"registryPort"`
}

// Names are what a cluster is called where others can see it.
type Names struct {
	// Interface is the host's end of the veth pair, at most 15 bytes.
	Interface string `json:"interface"`
	// Cgroup is the cluster's cgroup under the root of each hierarchy.
	Cgroup string `json:"cgroup"`
}

// Load reads the description in a file and refuses one that lacks something.
func Load(file string) (*Spec, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("cannot read the cluster's description: %w", err)
	}
	loaded := new(Spec)
	if err := json.Unmarshal(text, loaded); err != nil {
		return nil, fmt.Errorf("cannot parse the cluster's description %s: %w", file, err)
	}
	for name, value := range map[string]string{
		"instance": loaded.Instance, "nodeName": loaded.NodeName, "names.interface": loaded.Names.Interface, "names.cgroup": loaded.Names.Cgroup,
	} {
		if value == "" {
			return nil, fmt.Errorf("cannot use the cluster's description %s as %s is missing", file, name)
		}
	}
	for name, value := range map[string]string{"state": loaded.State, "run": loaded.Run, "programs": loaded.Programs, "cniPlugins": loaded.CNIPlugins} {
		if !filepath.IsAbs(value) {
			return nil, fmt.Errorf("cannot use the cluster's description %s as %s is no absolute path: %q", file, name, value)
		}
	}
	if !loaded.Network.Block.IsValid() || !loaded.Network.Node.IsValid() {
		return nil, fmt.Errorf("cannot use the cluster's description %s as it has no address plan", file)
	}
	return loaded, nil
}

// Program is the path of a program.
func (s *Spec) Program(name string) string { return filepath.Join(s.Programs, name) }

// InState is a path in the folder that outlives the processes.
func (s *Spec) InState(elements ...string) string {
	return filepath.Join(append([]string{s.State}, elements...)...)
}

// InRun is a path in the folder of the sockets.
func (s *Spec) InRun(name string) string { return filepath.Join(s.Run, name) }

// Log is the log file of a component.
func (s *Spec) Log(component string) string { return s.InState("log", component+".log") }

// Registry is the address of the image registry, the same one for host and node.
func (s *Spec) Registry() string {
	return fmt.Sprintf("%s:%d", s.Network.Node, s.Network.RegistryPort)
}

// APIServer is the URL of the API server.
func (s *Spec) APIServer() string { return fmt.Sprintf("https://%s:6443", s.Network.Node) }

// Env is Environment as exec takes it, in a stable order.
func (s *Spec) Env() []string {
	variables := make([]string, 0, len(s.Environment))
	for name, value := range s.Environment {
		variables = append(variables, name+"="+value)
	}
	slices.Sort(variables)
	return variables
}
