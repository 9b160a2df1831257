// Package process starts and supervises processes as PID 1 of a namespace must: every process that ends there is reaped, whoever started it.
package process

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
)

// Command describes a process to start.
type Command struct {
	// Name is what people call it.
	Name string
	// Path is the program, Args its arguments without the program's name.
	Path string
	Args []string
	Env  []string
	// Log is the file that standard output and error are appended to.
	Log string
	// Stdin and Stdout, where not nil, take the place of /dev/null and of Log.
	Stdin, Stdout *os.File
	// Extra files are the process's descriptors 3, 4, …
	Extra []*os.File
}

// Process is a process that was started.
type Process struct {
	Name string
	PID  int
	// Done is closed when the process has ended.
	Done   <-chan struct{}
	done   chan struct{}
	status syscall.WaitStatus
	table  *Table
}

// Table knows the processes that were started through it. There may be one in a program, and os/exec must not be used beside it, as both
// would wait for the same children.
type Table struct {
	mutex   sync.Mutex
	running map[int]*Process
	inherit []*os.File
}

// NewTable makes a table and begins to reap. Every process inherits the given files, after its own extra ones.
func NewTable(inherit ...*os.File) *Table {
	table := &Table{running: map[int]*Process{}, inherit: inherit}
	children := make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	go func() {
		for range children {
			table.reap()
		}
	}()
	return table
}

func (t *Table) reap() {
	for {
		var status syscall.WaitStatus
		// The lock keeps a child that ends at once from being reaped before Start has entered it.
		t.mutex.Lock()
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if process := t.running[pid]; err == nil && pid > 0 && process != nil {
			delete(t.running, pid)
			process.status = status
			close(process.done)
		}
		t.mutex.Unlock()
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
	}
}

// Start starts a process.
func (t *Table) Start(command Command) (*Process, error) {
	if err := os.MkdirAll(filepath.Dir(command.Log), 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the log folder of %s: %w", command.Name, err)
	}
	log, err := os.OpenFile(command.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("cannot open the log of %s: %w", command.Name, err)
	}
	defer log.Close()
	stdin, stdout := command.Stdin, command.Stdout
	if stdin == nil {
		if stdin, err = os.Open(os.DevNull); err != nil {
			return nil, err
		}
		defer stdin.Close()
	}
	if stdout == nil {
		stdout = log
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	started, err := os.StartProcess(command.Path, append([]string{command.Path}, command.Args...), &os.ProcAttr{
		Files: slices.Concat([]*os.File{stdin, stdout, log}, command.Extra, t.inherit),
		Env:   command.Env,
	})
	if err != nil {
		return nil, fmt.Errorf("cannot start %s: %w", command.Name, err)
	}
	done := make(chan struct{})
	process := &Process{Name: command.Name, PID: started.Pid, Done: done, done: done, table: t}
	t.running[started.Pid] = process
	return process, started.Release()
}

// Run starts a process and waits until it has ended well.
func (t *Table) Run(command Command) error {
	process, err := t.Start(command)
	if err != nil {
		return err
	}
	return process.Wait(command.Log)
}

// Output runs a process like Run and returns what it printed.
func (t *Table) Output(command Command) (string, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer reader.Close()
	command.Stdout = writer
	process, err := t.Start(command)
	writer.Close()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		return "", fmt.Errorf("cannot read what %s prints: %w", command.Name, err)
	}
	return string(text), process.Wait(command.Log)
}

// Wait waits until the process has ended; anything but exit status 0 is an error that names the log.
func (p *Process) Wait(log string) error {
	<-p.Done
	if p.status.ExitStatus() == 0 {
		return nil
	}
	return fmt.Errorf("%s ended with %s (see %s)", p.Name, p.Ending(), log)
}

// Ending says how a process that is Done has ended.
func (p *Process) Ending() string {
	if p.status.Signaled() {
		return fmt.Sprintf("signal %v", p.status.Signal())
	}
	return fmt.Sprintf("exit status %d", p.status.ExitStatus())
}

// Stop asks the process to end and kills it when the limit is over.
func (p *Process) Stop(limit time.Duration) {
	p.signal(syscall.SIGTERM)
	select {
	case <-p.Done:
	case <-time.After(limit):
		p.signal(syscall.SIGKILL)
		<-p.Done
	}
}

// signal signals the process if it has not been reaped, as its number may belong to another one afterwards.
func (p *Process) signal(number syscall.Signal) {
	p.table.mutex.Lock()
	defer p.table.mutex.Unlock()
	if p.table.running[p.PID] == p {
		// The only error possible is that it has ended and waits to be reaped.
		_ = syscall.Kill(p.PID, number)
	}
}
