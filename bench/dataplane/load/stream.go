package main

import (
	"encoding/binary"
	"fmt"
	"syscall"
	"time"
)

// flow is a connection that sends as fast as it may.
type flow struct {
	socket         int
	sent, received int64
	closing, over  bool
	// count is what the sink says it has got.
	count []byte
}

// bulk counts the bytes that connections send to the sink. In the end each sends FIN, and the sink tells how many good bytes it got.
func bulk(o options) (*result, error) { return stream(o, false) }

// echo counts the bytes that connections get back. In the end each sends FIN, and has to get the rest, then FIN.
func echo(o options) (*result, error) { return stream(o, true) }

func stream(o options, echoed bool) (*result, error) {
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	sockets, err := dialAll(o, p)
	if err != nil {
		return nil, err
	}
	w := newWindow(o)
	flows := make([]*flow, maxFiles)
	for _, socket := range sockets {
		flows[socket] = &flow{socket: socket}
		if err := p.change(socket, syscall.EPOLLIN|syscall.EPOLLOUT); err != nil {
			return nil, err
		}
	}
	buffer := make([]byte, chunkSize)
	left, deadline := len(sockets), time.Duration(0)
	for left > 0 {
		events, err := p.wait(100 * time.Millisecond)
		if err != nil {
			return nil, err
		}
		for _, event := range events {
			f := flows[event.Fd]
			if event.Events&^syscall.EPOLLOUT != 0 {
				f.receive(w, buffer, echoed)
			}
			if event.Events&syscall.EPOLLOUT != 0 && !f.over && !f.closing {
				f.send(w, echoed)
			}
			if f.over {
				left--
				closeSocket(f.socket)
			}
		}
		if deadline == 0 {
			running, err := w.running()
			if err != nil {
				return nil, err
			}
			if running {
				continue
			}
			deadline = now() + patience
			for _, socket := range sockets {
				if err := flows[socket].finish(p); err != nil {
					return nil, err
				}
			}
		}
		if now() > deadline {
			w.failed("%d connections got no end within %v after their FIN", left, patience)
			break
		}
	}
	if deadline == 0 {
		return nil, fmt.Errorf("Cannot measure as all connections ended: %s", w.result.Error)
	}
	return &w.result, nil
}

func (f *flow) send(w *window, echoed bool) {
	n, errno := send(f.socket, streamAt(f.sent, chunkSize))
	switch {
	case errno == syscall.EAGAIN:
	case errno != 0:
		w.failed("A stream broke: %v", errno)
		f.over = true
	default:
		f.sent += int64(n)
		if !echoed {
			w.result.Units += int64(n)
		}
	}
}

func (f *flow) receive(w *window, buffer []byte, echoed bool) {
	n, errno := receive(f.socket, buffer)
	switch {
	case errno == syscall.EAGAIN:
	case errno != 0:
		w.failed("A stream broke: %v", errno)
		f.over = true
	case n == 0:
		f.over = true
		if !f.closing {
			w.failed("A stream ended before its FIN")
		} else if received := f.arrived(echoed); received != f.sent {
			w.failed("Of %d bytes %d came as they were sent", f.sent, received)
		}
	case !echoed:
		f.count = append(f.count, buffer[:n]...)
	default:
		if !isStreamAt(f.received, buffer[:n]) {
			w.failed("A stream got other bytes back than it sent")
		}
		f.received += int64(n)
		w.result.Units += int64(n)
	}
}

// arrived is how many bytes came as they were sent; -1 where the sink did not say.
func (f *flow) arrived(echoed bool) int64 {
	if echoed {
		return f.received
	}
	if len(f.count) != 8 {
		return -1
	}
	return int64(binary.BigEndian.Uint64(f.count))
}

func (f *flow) finish(p *poller) error {
	f.closing = true
	if f.over {
		return nil
	}
	if err := syscall.Shutdown(f.socket, syscall.SHUT_WR); err != nil {
		return err
	}
	return p.change(f.socket, syscall.EPOLLIN)
}
