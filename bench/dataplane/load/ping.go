package main

import (
	"bytes"
	"syscall"
	"time"
)

// patience is how long an answer may take before it counts as lost.
const patience = 10 * time.Second

// exchange is one connection whose client waits for each message's answer before it sends the next.
type exchange struct {
	socket   int
	sequence uint32
	received int
	sentAt   time.Duration
}

// ping counts messages of so many connections, each of which has one on its way at all times.
func ping(o options) (*result, error) {
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	sockets, err := dialAll(o, p)
	if err != nil {
		return nil, err
	}
	w := newWindow(o)
	exchanges := make([]exchange, len(sockets))
	indexOf := make([]int32, maxFiles)
	wanted := newMessage(o.size)
	buffer := make([]byte, chunkSize)
	next := func(i int) {
		e := &exchanges[i]
		e.sequence++
		e.received, e.sentAt = 0, now()
		if n, errno := send(e.socket, wanted.of(i, e.sequence)); errno != 0 || n != o.size {
			w.failed("A message of connection %d could not be sent: %d bytes, %v", i, n, errno)
		}
	}
	for i, socket := range sockets {
		indexOf[socket] = int32(i)
		exchanges[i].socket = socket
		next(i)
	}
	for {
		events, err := p.wait(100 * time.Millisecond)
		if err != nil {
			return nil, err
		}
		for _, event := range events {
			i := int(indexOf[event.Fd])
			e := &exchanges[i]
			n, errno := receive(e.socket, buffer)
			if errno == syscall.EAGAIN {
				continue
			}
			if errno != 0 || n == 0 {
				w.failed("Connection %d ended: %v", i, errno)
				closeSocket(e.socket)
				continue
			}
			if e.received+n > o.size || !bytes.Equal(buffer[:n], wanted.of(i, e.sequence)[e.received:e.received+n]) {
				w.failed("Connection %d got other bytes back than it sent", i)
				closeSocket(e.socket)
				continue
			}
			if e.received += n; e.received == o.size {
				w.latency.add(now() - e.sentAt)
				w.result.Units++
				next(i)
			}
		}
		if running, err := w.running(); !running || err != nil {
			return &w.result, err
		}
	}
}
