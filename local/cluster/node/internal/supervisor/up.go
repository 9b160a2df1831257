package supervisor

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"tcp-ingress.local/node/internal/cgroup"
	"tcp-ingress.local/node/internal/control"
	"tcp-ingress.local/node/internal/hostnet"
	"tcp-ingress.local/node/internal/pki"
	"tcp-ingress.local/node/internal/spec"
)

// Up runs a cluster until it is told to stop. announce is called once: with nil when the control socket listens, or with the reason why it never will.
func Up(s *spec.Spec, specFile string, announce func(error)) error {
	start := time.Now()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	lock, err := prepare(s)
	if err != nil {
		announce(err)
		return err
	}
	defer lock.Close()
	server, err := control.Listen(s.InRun("control.sock"), func() {
		select {
		case stop <- syscall.SIGTERM:
		default: // it is stopping already
		}
	})
	announce(err)
	if err != nil {
		return err
	}
	reporter := control.NewReporter(server, start)
	reporter.Report(control.Event{Type: "started", Message: "Cluster " + s.Instance + " starts", PID: os.Getpid(), State: s.State})
	failure := run(s, specFile, lock, server, stop)
	if failure != nil && !errors.Is(failure, errReported) {
		reporter.Report(control.Failed(failure))
	}
	left := remove(hostIP(s), s)
	if left != nil {
		reporter.Report(control.Failed(left))
	}
	server.Close()
	return errors.Join(failure, left)
}

// prepare makes the state folder ready and the host free of leftovers.
func prepare(s *spec.Spec) (lock *os.File, err error) {
	if socket := s.InRun("control.sock"); control.Alive(socket) {
		return nil, fmt.Errorf("cannot start cluster %s as it runs already (%s)", s.Instance, socket)
	}
	if err := os.MkdirAll(s.State, 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the cluster's state folder: %w", err)
	}
	if lock, err = takeLock(s); err != nil {
		return nil, err
	}
	ip := hostIP(s)
	for _, step := range []func() error{
		func() error { return remove(ip, s) },
		func() error { return hostnet.CheckFree(ip, s) },
		func() error { return checkNetwork(s) },
		func() error { return pki.Ensure(s) },
		func() error { return os.MkdirAll(s.Run, 0o700) },
	} {
		if err := step(); err != nil {
			lock.Close()
			return nil, err
		}
	}
	return lock, nil
}

// checkNetwork refuses a state that was made for other addresses: they stand in certificates and in every Service.
func checkNetwork(s *spec.Spec) error {
	file, block := s.InState("network"), []byte(s.Network.Block.String()+"\n")
	made, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return os.WriteFile(file, block, 0o644)
	}
	if err == nil && !bytes.Equal(made, block) {
		return fmt.Errorf("cannot start cluster %s on network %s as its state in %s was made for %s: set TCP_INGRESS_NETWORK as it was, or remove the state",
			s.Instance, s.Network.Block, s.State, bytes.TrimSpace(made))
	}
	return err
}

// run runs the node's first process in its namespaces until it ends.
func run(s *spec.Spec, specFile string, lock *os.File, events *control.Server, stop <-chan os.Signal) error {
	// The kernel kills the first process, and with it the whole PID namespace, when the thread that started it ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cgroup.Create(s.Names.Cgroup); err != nil {
		return err
	}
	ip := hostIP(s)
	if err := hostnet.Guard(ip, s); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	node := exec.Command(self, "init", specFile)
	node.Env = s.Env()
	node.Stdout, node.Stderr = events, os.Stderr
	node.ExtraFiles = []*os.File{lock}
	node.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC,
		Pdeathsig:  syscall.SIGKILL,
		Setsid:     true,
	}
	top, err := cgroup.OpenTop(s.Names.Cgroup)
	if err != nil {
		return err
	}
	if top != nil {
		defer top.Close()
		node.SysProcAttr.UseCgroupFD, node.SysProcAttr.CgroupFD = true, int(top.Fd())
	}
	input, err := node.StdinPipe()
	if err != nil {
		return err
	}
	if err := node.Start(); err != nil {
		return fmt.Errorf("cannot make the cluster's namespaces: %w", err)
	}
	if err := hostnet.Connect(ip, s, node.Process.Pid); err != nil {
		return errors.Join(err, node.Process.Kill(), node.Wait())
	}
	done := make(chan error, 1)
	go func() { done <- node.Wait() }()
	// A line on its input lets the node begin, the end of it lets it stop: a first process without a handler yet would miss a signal.
	// Should it have ended, that is what Wait tells.
	_, _ = input.Write([]byte("connected\n"))
	select {
	case <-stop:
		_ = input.Close()
		return ended(<-done)
	case err := <-done:
		return ended(err)
	}
}

// errReported is that the node has failed and has said why in an event of its own.
var errReported = errors.New("the node has failed")

func ended(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return errReported
	}
	return err
}
