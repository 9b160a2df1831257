package main

import (
	"bytes"
	"encoding/binary"
)

const (
	// chunkSize is the most bytes that are read or written at once: what is compared should be in the processor's cache.
	chunkSize = 64 << 10
	// period is prime, so that bytes which are lost, doubled or moved by any power of two do not go unnoticed.
	period = 65521
	// headerSize is the room at the start of a message for who sent it.
	headerSize = 8
)

// pattern is what streams consist of, over and over; it is long enough for a chunk from wherever.
var pattern = func() []byte {
	made := make([]byte, period+chunkSize)
	state := uint32(1)
	for i := range made[:period] {
		state = state*1664525 + 1013904223
		made[i] = byte(state >> 24)
	}
	for at := period; at < len(made); {
		at += copy(made[at:], made[:period])
	}
	return made
}()

// streamAt gives n bytes of a stream from a position on.
func streamAt(position int64, n int) []byte {
	at := int(position % period)
	return pattern[at : at+n]
}

func isStreamAt(position int64, got []byte) bool {
	return bytes.Equal(got, streamAt(position, len(got)))
}

// message is what a connection sends in its turn: who it is, which message, and some of the pattern.
type message []byte

func newMessage(size int) message {
	return append(message(nil), pattern[:size]...)
}

func (m message) of(connection int, sequence uint32) []byte {
	binary.BigEndian.PutUint32(m, uint32(connection))
	binary.BigEndian.PutUint32(m[4:], sequence)
	return m
}
