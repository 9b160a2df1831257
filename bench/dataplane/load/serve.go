package main

import (
	"encoding/binary"
	"flag"
	"fmt"
	"net/netip"
	"syscall"
)

// service is what a listener does with its connections.
type service byte

const (
	// echoes sends everything back.
	echoes service = iota
	// sinks reads the pattern, and at its end tells how many bytes of it came, as eight bytes; after a wrong one it closes without a word.
	sinks
	// echoesBehindProxy wants a PROXY v2 header first.
	echoesBehindProxy
)

type served struct {
	service  service
	listener bool
	// headed is whether the PROXY header was seen.
	headed   bool
	from     netip.AddrPort
	received int64
	// early holds bytes of a header that has not come whole; unsent what the client was too slow for.
	early, unsent []byte
}

type server struct {
	poller  *poller
	sockets []served
	buffer  []byte
}

func serveCommand(args []string) error {
	flags := flag.NewFlagSet("bench-load serve", flag.ExitOnError)
	host := flags.String("host", "127.0.0.1", "IPv4 `address` to listen on")
	ports := map[service]*int{
		echoes:            flags.Int("echo", 3333, "port that echoes"),
		sinks:             flags.Int("sink", 3334, "port that swallows"),
		echoesBehindProxy: flags.Int("proxy", 3335, "port that echoes behind a PROXY v2 header"),
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	address, err := netip.ParseAddr(*host)
	if err != nil || !address.Is4() {
		return fmt.Errorf("Cannot listen on %q: give an IPv4 address", *host)
	}
	p, err := newPoller()
	if err != nil {
		return err
	}
	s := &server{poller: p, sockets: make([]served, maxFiles), buffer: make([]byte, chunkSize)}
	for service, port := range ports {
		if err := s.listen(service, netip.AddrPortFrom(address, uint16(*port))); err != nil {
			return fmt.Errorf("Cannot listen on %s port %d: %w", address, *port, err)
		}
	}
	fmt.Println("ready")
	for {
		events, err := s.poller.wait(-1)
		if err != nil {
			return err
		}
		for _, event := range events {
			fd := int(event.Fd)
			if s.sockets[fd].listener {
				s.accept(fd)
			} else if s.turn(fd, &s.sockets[fd]) != nil {
				closeSocket(fd)
			}
		}
	}
}

func (s *server) listen(service service, address netip.AddrPort) error {
	fd, err := newSocket()
	if err != nil {
		return err
	}
	if err := setOption(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR); err != nil {
		return err
	}
	raw := socketAddress(address)
	if err := bindTo(fd, &raw); err != nil {
		return err
	}
	if err := syscall.Listen(fd, 4096); err != nil {
		return err
	}
	s.sockets[fd] = served{service: service, listener: true}
	return s.poller.add(fd, syscall.EPOLLIN)
}

// accept takes what waits, but some at a time, so that open connections get their turn.
func (s *server) accept(listener int) {
	for range 64 {
		fd, from, err := accept(listener)
		if err != nil {
			return
		}
		if setOption(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY) != nil || s.poller.add(fd, syscall.EPOLLIN) != nil {
			closeSocket(fd)
			continue
		}
		c := &s.sockets[fd]
		*c = served{service: s.sockets[listener].service, from: from, unsent: c.unsent[:0], early: c.early[:0]}
	}
}

// turn does what a connection is ready for. An error ends the connection, the end of the stream as well.
func (s *server) turn(fd int, c *served) error {
	if len(c.unsent) > 0 {
		return s.flush(fd, c)
	}
	n, errno := receive(fd, s.buffer)
	if errno == syscall.EAGAIN {
		return nil
	}
	if errno != 0 {
		return errno
	}
	if n == 0 {
		return c.ended(fd)
	}
	data := s.buffer[:n]
	switch c.service {
	case sinks:
		if !isStreamAt(c.received, data) {
			return fmt.Errorf("wrong bytes")
		}
		c.received += int64(n)
		return nil
	case echoesBehindProxy:
		if !c.headed {
			c.early = append(c.early, data...)
			length, err := checkProxyHeader(c.early, c.from)
			if err != nil || length == 0 {
				return err
			}
			c.headed = true
			data = c.early[length:]
		}
	}
	return s.echo(fd, c, data)
}

func (s *server) echo(fd int, c *served, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	n, errno := send(fd, data)
	if errno != 0 && errno != syscall.EAGAIN {
		return errno
	}
	if errno == 0 && n == len(data) {
		return nil
	}
	c.unsent = append(c.unsent, data[max(n, 0):]...)
	return s.poller.change(fd, syscall.EPOLLOUT)
}

func (s *server) flush(fd int, c *served) error {
	n, errno := send(fd, c.unsent)
	if errno == syscall.EAGAIN {
		return nil
	}
	if errno != 0 {
		return errno
	}
	c.unsent = append(c.unsent[:0], c.unsent[n:]...)
	if len(c.unsent) > 0 {
		return nil
	}
	return s.poller.change(fd, syscall.EPOLLIN)
}

var errEnded = fmt.Errorf("the client has ended its stream")

func (c *served) ended(fd int) error {
	if c.service == sinks {
		var count [8]byte
		binary.BigEndian.PutUint64(count[:], uint64(c.received))
		if _, errno := send(fd, count[:]); errno != 0 {
			return errno
		}
	}
	return errEnded
}
