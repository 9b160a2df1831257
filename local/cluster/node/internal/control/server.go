package control

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"
)

// now is what a client gets between the events that have been and those to come.
var now = []byte(`{"type":"now","message":"Up to date","seconds":0}` + "\n")

// Server hands every client all events from the first on, then the event "now", and goes on as new ones come. A client that sends the
// line "stop" ends the cluster. It is an io.Writer of event lines.
type Server struct {
	listener net.Listener
	stop     func()

	mutex   sync.Mutex
	changed *sync.Cond
	history [][]byte
	closed  bool
	clients sync.WaitGroup
}

// Listen opens the socket. A file that a killed predecessor left is replaced.
func Listen(path string, stop func()) (*Server, error) {
	if Alive(path) {
		return nil, fmt.Errorf("cannot listen on %s as a cluster does so already", path)
	}
	if err := os.RemoveAll(path); err != nil {
		return nil, fmt.Errorf("cannot remove a stale socket: %w", err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("cannot open the control socket: %w", err)
	}
	server := &Server{listener: listener, stop: stop}
	server.changed = sync.NewCond(&server.mutex)
	go server.accept()
	return server, nil
}

// Alive says whether a cluster listens on a socket.
func Alive(path string) bool {
	connection, err := net.Dial("unix", path)
	if err != nil {
		return false
	}
	connection.Close()
	return true
}

// Write adds one event line.
func (s *Server) Write(line []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.history = append(s.history, bytes.Clone(line))
	s.changed.Broadcast()
	return len(line), nil
}

// Close ends the connections once they have got every event.
func (s *Server) Close() {
	s.listener.Close()
	s.mutex.Lock()
	s.closed = true
	s.changed.Broadcast()
	s.mutex.Unlock()
	s.clients.Wait()
}

func (s *Server) accept() {
	for {
		connection, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.clients.Add(1)
		go s.listen(connection)
		go s.send(connection)
	}
}

func (s *Server) listen(connection net.Conn) {
	for lines := bufio.NewScanner(connection); lines.Scan(); {
		if lines.Text() == "stop" {
			s.stop()
		}
	}
}

func (s *Server) send(connection net.Conn) {
	defer s.clients.Done()
	defer connection.Close()
	// There is a first event before anybody can ask.
	lines, closed := s.after(0)
	sent := len(lines)
	lines = append(lines, now)
	for {
		for _, line := range lines {
			if _, err := connection.Write(line); err != nil {
				return
			}
		}
		if closed {
			return
		}
		lines, closed = s.after(sent)
		sent += len(lines)
	}
}

// after waits until there are events after the first n, or none will come.
func (s *Server) after(n int) (lines [][]byte, closed bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for len(s.history) == n && !s.closed {
		s.changed.Wait()
	}
	return slices.Clone(s.history[n:]), s.closed
}
