package main

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Every proxy gets the same handshake: without a key exchange that only some know, and never a resumed one. The certificate is made for the run.
var tlsConfig = &tls.Config{
	MinVersion:         tls.VersionTLS13,
	CurvePreferences:   []tls.CurveID{tls.X25519},
	InsecureSkipVerify: true,
}

func dialTLS(target string) (*tls.Conn, error) {
	return tls.DialWithDialer(&net.Dialer{Timeout: patience}, "tcp", target, tlsConfig)
}

// shared is a window that several goroutines count into.
type shared struct {
	mutex sync.Mutex
	*window
}

func (s *shared) count(units int64, taken time.Duration) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.result.Units += units
	if taken > 0 {
		s.latency.add(taken)
	}
}

func (s *shared) failure(err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.failed("%v", err)
}

// together does the work of so many connections at once until the window closes; work is told when to stop.
func together(o options, work func(connection int, s *shared, stop <-chan struct{}) error) (*result, error) {
	s := &shared{window: newWindow(o)}
	stop := make(chan struct{})
	var workers sync.WaitGroup
	for i := range o.connections {
		workers.Go(func() {
			if err := work(i, s, stop); err != nil {
				s.failure(err)
			}
		})
	}
	for running := true; running; {
		time.Sleep(time.Millisecond)
		s.mutex.Lock()
		var err error
		running, err = s.running()
		s.mutex.Unlock()
		if err != nil {
			return nil, err
		}
	}
	close(stop)
	workers.Wait()
	return &s.result, nil
}

// tlsConnect counts connections with a full handshake and one message.
func tlsConnect(o options) (*result, error) {
	return together(o, func(connection int, s *shared, stop <-chan struct{}) error {
		wanted, got := newMessage(o.size), make([]byte, o.size)
		for sequence := uint32(0); ; sequence++ {
			select {
			case <-stop:
				return nil
			default:
			}
			started := now()
			if err := tlsVisit(o.target, wanted.of(connection, sequence), got); err != nil {
				return err
			}
			s.count(1, now()-started)
		}
	})
}

func tlsVisit(target string, wanted, got []byte) error {
	c, err := dialTLS(target)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.Write(wanted); err != nil {
		return err
	}
	if _, err := io.ReadFull(c, got); err != nil {
		return err
	}
	if !bytes.Equal(got, wanted) {
		return fmt.Errorf("A connection got other bytes back than it sent")
	}
	return nil
}

// tlsBulk counts bytes that connections send to the sink, which tells in the end how many good ones it got.
func tlsBulk(o options) (*result, error) {
	return together(o, func(_ int, s *shared, stop <-chan struct{}) error {
		c, err := dialTLS(o.target)
		if err != nil {
			return err
		}
		defer c.Close()
		sent := int64(0)
		for running := true; running; {
			select {
			case <-stop:
				running = false
			default:
				n, err := c.Write(streamAt(sent, chunkSize))
				sent += int64(n)
				s.count(int64(n), 0)
				if err != nil {
					return err
				}
			}
		}
		if err := c.CloseWrite(); err != nil {
			return err
		}
		if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		var count [8]byte
		if _, err := io.ReadFull(c, count[:]); err != nil {
			return fmt.Errorf("The sink did not say what it got: %w", err)
		}
		if received := int64(binary.BigEndian.Uint64(count[:])); received != sent {
			return fmt.Errorf("Of %d bytes %d came as they were sent", sent, received)
		}
		return nil
	})
}
