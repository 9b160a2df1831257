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
	d, err := newDialer(o.target)
	if err != nil {
		return nil, err
	}
	started := now()
	wanted, buffer := newMessage(o.size), make([]byte, o.size)
	// One after the other, so that nothing has to queue.
	for i := range o.connections {
		socket, err := d.start()
		if err != nil {
			return nil, err
		}
		if err := roundTrip(socket, wanted.of(i, 0), buffer); err != nil {
			return nil, fmt.Errorf("Cannot keep connection %d of %d open: %w", i+1, o.connections, err)
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

// roundTrip waits for the connection, sends a message and waits until it is back.
func roundTrip(fd int, wanted, buffer []byte) error {
	if err := connected(fd); err != nil {
		return err
	}
	if err := syscall.SetNonblock(fd, false); err != nil {
		return err
	}
	limit := syscall.NsecToTimeval(patience.Nanoseconds())
	if err := syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &limit); err != nil {
		return err
	}
	if _, errno := send(fd, wanted); errno != 0 {
		return errno
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
	if !bytes.Equal(buffer, wanted) {
		return fmt.Errorf("other bytes came back than were sent")
	}
	return nil
}
