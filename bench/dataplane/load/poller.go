package main

import (
	"syscall"
	"time"
	"unsafe"
)

// maxFiles is one more than the highest file descriptor that state is kept for.
const maxFiles = 1 << 16

// epollPwait2 is the same on every architecture (Linux 5.11); package syscall is older than it.
const epollPwait2 = 441

// poller waits for sockets, level-triggered. Its calls do without Go's scheduler, which has nothing else to run.
type poller struct {
	fd     int
	events [512]syscall.EpollEvent
}

func newPoller() (*poller, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	return &poller{fd: fd}, err
}

// wait gives the sockets that are ready, at the latest after the timeout; a negative one is none.
func (p *poller) wait(timeout time.Duration) ([]syscall.EpollEvent, error) {
	spec := syscall.NsecToTimespec(int64(max(timeout, 0)))
	limit := &spec
	if timeout < 0 {
		limit = nil
	}
	n, _, errno := syscall.RawSyscall6(epollPwait2, uintptr(p.fd), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), uintptr(unsafe.Pointer(limit)), 0, 0)
	if errno == syscall.EINTR {
		return nil, nil
	}
	if errno != 0 {
		return nil, errno
	}
	return p.events[:n], nil
}

func (p *poller) add(fd int, events uint32) error {
	return p.control(syscall.EPOLL_CTL_ADD, fd, events)
}

func (p *poller) change(fd int, events uint32) error {
	return p.control(syscall.EPOLL_CTL_MOD, fd, events)
}

func (p *poller) control(operation, fd int, events uint32) error {
	event := syscall.EpollEvent{Events: events, Fd: int32(fd)}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_CTL, uintptr(p.fd), uintptr(operation), uintptr(fd), uintptr(unsafe.Pointer(&event)), 0, 0)
	return failure(errno)
}
