package main

import (
	"fmt"
	"net/netip"
	"syscall"
)

// ipBindAddressNoPort leaves the choice of the port to connect, so that each destination has all of them (ip(7)).
const ipBindAddressNoPort = 24

// dialer makes connections to one address.
type dialer struct {
	target syscall.RawSockaddrInet4
	next   byte
}

func newDialer(target string) (*dialer, error) {
	address, err := netip.ParseAddrPort(target)
	if err != nil || !address.Addr().Is4() {
		return nil, fmt.Errorf("Cannot connect to %q: give an IPv4 address and a port", target)
	}
	return &dialer{target: socketAddress(address)}, nil
}

// start begins a connection; it is there when its socket can be written to. On loopback eight source addresses take turns, as one has too few ports for
// tens of thousands of connections that were closed within a minute.
func (d *dialer) start() (int, error) {
	fd, err := newSocket()
	if err != nil {
		return -1, fmt.Errorf("Cannot make a socket: %w", err)
	}
	if err := d.connect(fd); err != nil {
		closeSocket(fd)
		return -1, fmt.Errorf("Cannot connect: %w", err)
	}
	return fd, nil
}

func (d *dialer) connect(fd int) error {
	if err := setOption(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY); err != nil {
		return err
	}
	if d.target.Addr[0] == 127 {
		if err := setOption(fd, syscall.IPPROTO_IP, ipBindAddressNoPort); err != nil {
			return err
		}
		d.next = d.next%8 + 1
		source := syscall.RawSockaddrInet4{Family: syscall.AF_INET, Addr: [4]byte{127, 0, 1, d.next}}
		if err := bindTo(fd, &source); err != nil {
			return err
		}
	}
	if err := connectTo(fd, &d.target); err != nil && err != syscall.EINPROGRESS {
		return err
	}
	return nil
}

// dialAll opens connections one after the other, and watches them for what comes.
func dialAll(o options, p *poller) ([]int, error) {
	d, err := newDialer(o.target)
	if err != nil {
		return nil, err
	}
	sockets := make([]int, o.connections)
	for i := range sockets {
		if sockets[i], err = d.start(); err != nil {
			return nil, err
		}
		if err := connected(sockets[i]); err != nil {
			return nil, err
		}
		if err := p.add(sockets[i], syscall.EPOLLIN); err != nil {
			return nil, err
		}
	}
	return sockets, nil
}

// connected waits for one connection.
func connected(fd int) error {
	p, err := newPoller()
	if err != nil {
		return err
	}
	defer closeSocket(p.fd)
	if err := p.add(fd, syscall.EPOLLOUT); err != nil {
		return err
	}
	for deadline := now() + patience; now() < deadline; {
		events, err := p.wait(deadline - now())
		if err != nil {
			return err
		}
		if len(events) > 0 {
			return outcome(fd)
		}
	}
	return syscall.ETIMEDOUT
}
