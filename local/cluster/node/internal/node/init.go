// Package node is the inside of a cluster: the first process of its namespaces, which starts, supervises and stops everything else.
package node

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"runtime"
	"syscall"
	"time"

	"tcp-ingress.local/node/internal/cgroup"
	"tcp-ingress.local/node/internal/control"
	"tcp-ingress.local/node/internal/namespace"
	"tcp-ingress.local/node/internal/process"
	"tcp-ingress.local/node/internal/spec"
)

// inheritedLock is the descriptor of the lock that all processes of a cluster hold.
const inheritedLock = 3

// errStopped is that somebody wants the cluster to end.
var errStopped = errors.New("asked to stop")

// Init is the first process of the namespaces. A line on standard input says that the network is connected, the end of input that the
// cluster is to stop; events go to standard output.
func Init(s *spec.Spec) error {
	start := time.Now()
	unified, err := enterCgroupNamespace(s)
	if err != nil {
		return err
	}
	reporter := control.NewReporter(os.Stdout, start)
	ctx, stop := context.WithCancelCause(context.Background())
	if err := listen(stop); err != nil {
		return err
	}
	node := &node{Spec: s, reporter: reporter, start: start, giveUp: stop, cgroupRoot: "/" + s.Names.Cgroup}
	if unified {
		node.cgroupRoot = "/"
	}
	if err := furnish(s, unified); err != nil {
		return node.fail(err)
	}
	node.table = process.NewTable(os.NewFile(inheritedLock, "lock"))
	err = node.run(ctx)
	if err == nil {
		<-ctx.Done()
		err = context.Cause(ctx)
	}
	node.stop()
	if errors.Is(err, errStopped) {
		return nil
	}
	return node.fail(err)
}

// listen waits for the network, and then goes on to wait for the end of input.
func listen(stop context.CancelCauseFunc) error {
	input := bufio.NewReader(os.Stdin)
	if _, err := input.ReadString('\n'); err != nil {
		return fmt.Errorf("the network was not connected: %w", err)
	}
	go func() {
		// Any error is the end of input, as a supervisor that was killed would leave it.
		_, _ = input.ReadString('\n')
		stop(errStopped)
	}()
	return nil
}

// enterCgroupNamespace makes this process, on cgroup v2, see its own control group as the root of all. A namespace is entered by a
// thread and the children of it, so the program starts itself anew from that thread.
func enterCgroupNamespace(s *spec.Spec) (unified bool, err error) {
	const entered = "CLUSTER_NODE_CGROUP_NAMESPACE"
	unified, err = cgroup.Unified()
	if err != nil || !unified {
		return unified, err
	}
	if os.Getenv(entered) != "" {
		return true, os.Unsetenv(entered)
	}
	runtime.LockOSThread()
	if err := syscall.Unshare(syscall.CLONE_NEWCGROUP); err != nil {
		return true, fmt.Errorf("cannot make a control-group namespace: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return true, err
	}
	return true, syscall.Exec(self, os.Args, append(os.Environ(), entered+"=1"))
}

func furnish(s *spec.Spec, unified bool) error {
	if err := namespace.Mount(s, unified); err != nil {
		return err
	}
	if unified {
		if err := cgroup.Delegate(); err != nil {
			return err
		}
	}
	if err := namespace.ShieldSysctls("/run/sysctl"); err != nil {
		return err
	}
	if err := syscall.Sethostname([]byte(s.NodeName)); err != nil {
		return fmt.Errorf("cannot set the node's host name: %w", err)
	}
	return raiseFileLimit()
}

// raiseFileLimit gives every process of the cluster as many open files as this one may have: a shell's soft limit is made for a shell.
// Go passes on the limit that it was started with unless it is set explicitly.
func raiseFileLimit() error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("cannot read the limit of open files: %w", err)
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("cannot set the limit of open files: %w", err)
	}
	return nil
}

func (n *node) fail(err error) error {
	n.reporter.Report(control.Failed(err))
	log.Print(err)
	return err
}
