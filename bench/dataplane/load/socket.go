package main

import (
	"encoding/binary"
	"net/netip"
	"syscall"
	"unsafe"
)

// Calls on sockets that never block, as bare as can be.

func newSocket() (int, error) {
	fd, _, errno := syscall.RawSyscall(syscall.SYS_SOCKET, syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	return withinLimit(fd, errno)
}

func accept(listener int) (int, netip.AddrPort, error) {
	var from syscall.RawSockaddrInet4
	length := uint32(unsafe.Sizeof(from))
	fd, _, errno := syscall.RawSyscall6(syscall.SYS_ACCEPT4, uintptr(listener), uintptr(unsafe.Pointer(&from)), uintptr(unsafe.Pointer(&length)), syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0, 0)
	port := binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(&from.Port))[:])
	socket, err := withinLimit(fd, errno)
	return socket, netip.AddrPortFrom(netip.AddrFrom4(from.Addr), port), err
}

func withinLimit(fd uintptr, errno syscall.Errno) (int, error) {
	if errno != 0 {
		return -1, errno
	}
	if fd >= maxFiles {
		closeSocket(int(fd))
		return -1, syscall.EMFILE
	}
	return int(fd), nil
}

// socketAddress is an address as the kernel takes it.
func socketAddress(address netip.AddrPort) syscall.RawSockaddrInet4 {
	raw := syscall.RawSockaddrInet4{Family: syscall.AF_INET, Addr: address.Addr().As4()}
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&raw.Port))[:], address.Port())
	return raw
}

func bindTo(fd int, address *syscall.RawSockaddrInet4) error {
	return addressed(syscall.SYS_BIND, fd, address)
}

func connectTo(fd int, address *syscall.RawSockaddrInet4) error {
	return addressed(syscall.SYS_CONNECT, fd, address)
}

func addressed(call uintptr, fd int, address *syscall.RawSockaddrInet4) error {
	_, _, errno := syscall.RawSyscall(call, uintptr(fd), uintptr(unsafe.Pointer(address)), unsafe.Sizeof(*address))
	return failure(errno)
}

// setOption switches a socket option on.
func setOption(fd, level, option int) error {
	on := int32(1)
	_, _, errno := syscall.RawSyscall6(syscall.SYS_SETSOCKOPT, uintptr(fd), uintptr(level), uintptr(option), uintptr(unsafe.Pointer(&on)), unsafe.Sizeof(on), 0)
	return failure(errno)
}

// outcome is how a connection that was started went.
func outcome(fd int) error {
	var code int32
	size := uint32(unsafe.Sizeof(code))
	_, _, errno := syscall.RawSyscall6(syscall.SYS_GETSOCKOPT, uintptr(fd), syscall.SOL_SOCKET, syscall.SO_ERROR, uintptr(unsafe.Pointer(&code)), uintptr(unsafe.Pointer(&size)), 0)
	if errno != 0 {
		return errno
	}
	return failure(syscall.Errno(code))
}

// receive gives 0 at the end of the stream.
func receive(fd int, buffer []byte) (int, syscall.Errno) {
	n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)), 0, 0, 0)
	return int(n), errno
}

func send(fd int, data []byte) (int, syscall.Errno) {
	n, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)), syscall.MSG_NOSIGNAL, 0, 0)
	return int(n), errno
}

func closeSocket(fd int) {
	_, _, _ = syscall.RawSyscall(syscall.SYS_CLOSE, uintptr(fd), 0, 0)
}

// failure is nil where nothing failed, which an Errno in an error never is.
func failure(errno syscall.Errno) error {
	if errno != 0 {
		return errno
	}
	return nil
}
