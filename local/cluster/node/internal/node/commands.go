package node

import (
	"strings"

	"tcp-ingress.local/node/internal/process"
)

func (n *node) command(program string, args ...string) process.Command {
	return process.Command{
		Name: strings.Join(append([]string{program}, args...), " "),
		Path: n.Program(program), Args: args, Env: n.Env(), Log: n.Log("init"),
	}
}

func (n *node) ip(line string) error { return n.table.Run(n.command("ip", strings.Fields(line)...)) }

func (n *node) iptables(args ...string) error { return n.table.Run(n.command("iptables", args...)) }

func (n *node) rules() (string, error) { return n.table.Output(n.command("iptables-save")) }
