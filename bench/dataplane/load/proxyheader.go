package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
)

var proxySignature = []byte("\r\n\r\n\x00\r\nQUIT\n")

// checkProxyHeader reads a header of the PROXY protocol's version 2 over TCP and IPv4 (https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt, 2.2)
// and says how long it is, or 0 while some of it is missing. It has to name another source than the one that the connection is from, which is the proxy.
func checkProxyHeader(data []byte, from netip.AddrPort) (int, error) {
	if len(data) < 16 {
		return 0, nil
	}
	if !bytes.Equal(data[:12], proxySignature) || data[12] != 0x21 || data[13] != 0x11 {
		return 0, fmt.Errorf("no PROXY v2 header for TCP over IPv4")
	}
	length := int(binary.BigEndian.Uint16(data[14:]))
	if length < 12 {
		return 0, fmt.Errorf("a PROXY header without addresses")
	}
	if len(data) < 16+length {
		return 0, nil
	}
	source := netip.AddrPortFrom(netip.AddrFrom4([4]byte(data[16:20])), binary.BigEndian.Uint16(data[24:]))
	if source == from {
		return 0, fmt.Errorf("a PROXY header with the proxy's own address")
	}
	return 16 + length, nil
}
