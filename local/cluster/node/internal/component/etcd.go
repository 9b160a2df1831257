// Package component says how each program of the node is started and configured.
package component

import (
	"tcp-ingress.local/node/internal/process"
	"tcp-ingress.local/node/internal/spec"
)

const etcdURL = "http://127.0.0.1:2379"

// command is what all components have in common.
func command(s *spec.Spec, name string, args ...string) process.Command {
	return process.Command{Name: name, Path: s.Program(name), Args: args, Env: s.Env(), Log: s.Log(name)}
}

// Etcd is the API server's store. It listens on the namespace's own loopback address, where no one but the node's programs is.
func Etcd(s *spec.Spec) process.Command {
	const peer = "http://127.0.0.1:2380"
	return command(s, "etcd",
		"--name=node", "--data-dir="+s.InState("etcd"),
		"--listen-client-urls="+etcdURL, "--advertise-client-urls="+etcdURL,
		"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer, "--initial-cluster=node="+peer,
		// What was written survives a killed process either way; only a crash of the whole machine needs it on the disk.
		"--unsafe-no-fsync",
		"--log-level=warn")
}
