package main

import (
	"bytes"
	"syscall"
	"time"
)

// visit is a connection for one message: connect, send, get it back, close.
type visit struct {
	number    uint32
	sent      bool
	received  int
	startedAt time.Duration
}

// connect counts such visits, so many of which are under way at all times.
func connect(o options) (*result, error) {
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	d, err := newDialer(o.target)
	if err != nil {
		return nil, err
	}
	w := newWindow(o)
	visits := make([]visit, maxFiles)
	wanted := newMessage(o.size)
	buffer := make([]byte, chunkSize)
	number := uint32(0)
	begin := func() error {
		at := now()
		fd, err := d.start()
		if err != nil {
			return err
		}
		number++
		visits[fd] = visit{number: number, startedAt: at}
		return p.add(fd, syscall.EPOLLOUT)
	}
	for range o.connections {
		if err := begin(); err != nil {
			return nil, err
		}
	}
	for {
		events, err := p.wait(100 * time.Millisecond)
		if err != nil {
			return nil, err
		}
		for _, event := range events {
			fd := int(event.Fd)
			v := &visits[fd]
			if !v.sent {
				err := outcome(fd)
				if err == nil {
					if n, errno := send(fd, wanted.of(fd, v.number)); errno != 0 || n != o.size {
						err = errno
					}
				}
				if err == nil {
					v.sent = true
					if err := p.change(fd, syscall.EPOLLIN); err != nil {
						return nil, err
					}
					continue
				}
				w.failed("A connection was not made: %v", err)
			} else {
				n, errno := receive(fd, buffer)
				switch {
				case errno == syscall.EAGAIN:
					continue
				case errno != 0 || n == 0:
					w.failed("A connection ended before its answer: %v", errno)
				case v.received+n > o.size || !bytes.Equal(buffer[:n], wanted.of(fd, v.number)[v.received:v.received+n]):
					w.failed("A connection got other bytes back than it sent")
				default:
					if v.received += n; v.received < o.size {
						continue
					}
					w.latency.add(now() - v.startedAt)
					w.result.Units++
				}
			}
			closeSocket(fd)
			if err := begin(); err != nil {
				return nil, err
			}
		}
		if running, err := w.running(); !running || err != nil {
			return &w.result, err
		}
	}
}
