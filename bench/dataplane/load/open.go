package main

import (
	"bytes"
	"runtime"
	"syscall"
	"time"
)

// prSetTimerslack is PR_SET_TIMERSLACK (prctl(2)): how late a wait may end, so that the kernel can gather several.
const prSetTimerslack = 29

// pipelined is a connection that sends when it is time to, whether or not earlier messages have been answered.
type pipelined struct {
	socket   int
	sent     uint32
	answered uint32
	received int
}

// open sends at a fixed rate, over all connections in turn, and takes the time from when a message was due, not from when it could be sent: a proxy that
// stalls delays all that should have been sent meanwhile.
func open(o options) (*result, error) {
	runtime.LockOSThread()
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prSetTimerslack, 1, 0); errno != 0 {
		return nil, errno
	}
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	sockets, err := dialAll(o, p)
	if err != nil {
		return nil, err
	}
	w := newWindow(o)
	connections := make([]pipelined, len(sockets))
	indexOf := make([]int32, maxFiles)
	for i, socket := range sockets {
		indexOf[socket] = int32(i)
		connections[i].socket = socket
	}
	wanted := newMessage(o.size)
	buffer := make([]byte, chunkSize)
	start := now()
	// The nth message of all is due at its time, and is of connection n modulo their number: so a message's number gives when it was due.
	due := func(n int64) time.Duration { return start + time.Duration(float64(n)/o.rate*float64(time.Second)) }
	next := int64(0)
	for {
		for at := now(); due(next) <= at; next++ {
			i := int(next % int64(len(connections)))
			c := &connections[i]
			if n, errno := send(c.socket, wanted.of(i, c.sent)); errno != 0 || n != o.size {
				w.failed("A message of connection %d could not be sent: %d bytes, %v", i, n, errno)
			}
			c.sent++
		}
		events, err := p.wait(max(due(next)-now(), 0))
		if err != nil {
			return nil, err
		}
		for _, event := range events {
			i := int(indexOf[event.Fd])
			c := &connections[i]
			n, errno := receive(c.socket, buffer)
			if errno == syscall.EAGAIN {
				continue
			}
			if errno != 0 || n == 0 {
				w.failed("Connection %d ended: %v", i, errno)
				closeSocket(c.socket)
				continue
			}
			for got := buffer[:n]; len(got) > 0; {
				part := min(len(got), o.size-c.received)
				if !bytes.Equal(got[:part], wanted.of(i, c.answered)[c.received:c.received+part]) {
					w.failed("Connection %d got other bytes back than it sent", i)
				}
				got = got[part:]
				if c.received += part; c.received == o.size {
					w.latency.add(now() - due(int64(c.answered)*int64(len(connections))+int64(i)))
					w.result.Units++
					c.received, c.answered = 0, c.answered+1
				}
			}
		}
		if running, err := w.running(); !running || err != nil {
			return &w.result, err
		}
	}
}
