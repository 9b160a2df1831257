package main

import (
	"bytes"
	"fmt"
	"syscall"
	"time"
)

// settling is how long a process may take to give back memory that it needed only to open connections.
const settling = 2 * time.Second

// idle opens connections, has one message echoed on each, and tells how much more memory the watched processes have then. Units are connections.
func idle(o options) (*result, error) {
	r := &result{CPU: map[string]float64{}, Memory: map[string]memoryChange{}}
	for name, pid := range o.watch {
		before, err := memoryOf(pid)
		if err != nil {
			return nil, err
		}
		r.Memory[name] = memoryChange{Before: before}
	}
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	started := now()
	sockets, err := dialAll(o, p)
	if err != nil {
		return nil, err
	}
	wanted, buffer := newMessage(o.size), make([]byte, o.size)
	for i, socket := range sockets {
		if _, errno := send(socket, wanted.of(i, 0)); errno != 0 {
			return nil, errno
		}
		if err := receiveAll(socket, buffer); err != nil {
			return nil, fmt.Errorf("Cannot keep connection %d open: %w", i, err)
		}
		if !bytes.Equal(buffer, wanted) {
			return nil, fmt.Errorf("Cannot use connection %d as it got other bytes back than it sent", i)
		}
		r.Units++
	}
	r.Seconds = (now() - started).Seconds()
	time.Sleep(settling)
	for name, pid := range o.watch {
		after, err := memoryOf(pid)
		if err != nil {
			return nil, err
		}
		r.Memory[name] = memoryChange{Before: r.Memory[name].Before, After: after}
	}
	return r, nil
}

// receiveAll fills the buffer, and waits for it.
func receiveAll(fd int, buffer []byte) error {
	if err := syscall.SetNonblock(fd, false); err != nil {
		return err
	}
	limit := syscall.NsecToTimeval(patience.Nanoseconds())
	if err := syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &limit); err != nil {
		return err
	}
	for received := 0; received < len(buffer); {
		n, errno := receive(fd, buffer[received:])
		if errno == syscall.EINTR {
			continue
		}
		if errno != 0 {
			return errno
		}
		if n == 0 {
			return fmt.Errorf("the other end closed it")
		}
		received += n
	}
	return nil
}
