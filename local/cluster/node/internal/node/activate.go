package node

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"tcp-ingress.local/node/internal/process"
)

// Activate becomes a program that expects its listening socket as descriptor 3 in the way of sd_listen_fds(3): LISTEN_PID has to be the
// program's own number, which nobody knows before the fork.
func Activate(command []string) error {
	environment := append(os.Environ(), "LISTEN_FDS=1", "LISTEN_PID="+strconv.Itoa(os.Getpid()))
	return fmt.Errorf("cannot become %s: %w", command[0], syscall.Exec(command[0], command, environment))
}

// onDemand is a service that starts with the first connection to its unix socket.
type onDemand struct {
	file *os.File

	mutex    sync.Mutex
	service  *process.Service
	stopping bool
}

// listenOnDemand opens the socket.
func listenOnDemand(path string) (*onDemand, error) {
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("cannot open socket: %w", err)
	}
	// The socket lives on in the duplicate, and its file has to stay.
	listener.SetUnlinkOnClose(false)
	defer listener.Close()
	file, err := listener.File()
	if err != nil {
		return nil, fmt.Errorf("cannot pass on socket %s: %w", path, err)
	}
	return &onDemand{file: file}, nil
}

// serve waits for the first connection, which it leaves to the service to accept, and starts the service.
func (d *onDemand) serve(start func(*os.File) (*process.Service, error)) error {
	if err := readable(int(d.file.Fd())); err != nil {
		return fmt.Errorf("cannot wait for connections on %s: %w", d.file.Name(), err)
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.stopping {
		return nil
	}
	var err error
	d.service, err = start(d.file)
	return err
}

// stop ends the service, if it has started, and keeps it from starting.
func (d *onDemand) stop(limit time.Duration) {
	d.mutex.Lock()
	d.stopping = true
	service := d.service
	d.mutex.Unlock()
	end(service, limit)
}

// readable waits until a descriptor can be read from, or accepted from, without doing so.
func readable(descriptor int) error {
	poll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	defer syscall.Close(poll)
	event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(descriptor)}
	if err := syscall.EpollCtl(poll, syscall.EPOLL_CTL_ADD, descriptor, &event); err != nil {
		return err
	}
	for {
		if _, err := syscall.EpollWait(poll, make([]syscall.EpollEvent, 1), -1); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
