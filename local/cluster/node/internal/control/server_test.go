package control

import (
	"bufio"
	"encoding/json"
	"net"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestClientGetsWhatWasAndWhatComes(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "socket")
	server, err := Listen(socket, func() {})
	if err != nil {
		t.Fatal(err)
	}
	reporter := NewReporter(server, time.Now())
	reporter.Report(Event{Type: "started"})
	next := connect(t, socket)
	got := []string{next(), next()}
	reporter.Report(Event{Type: "ready"})
	got = append(got, next())
	server.Close()
	got = append(got, next())
	if want := []string{"started", "now", "ready", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if Alive(socket) {
		t.Error("the socket is alive after Close")
	}
}

func TestClientStops(t *testing.T) {
	socket, stopped := filepath.Join(t.TempDir(), "socket"), make(chan struct{})
	server, err := Listen(socket, func() { close(stopped) })
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	connection, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := connection.Write([]byte("stop\n")); err != nil {
		t.Fatal(err)
	}
	<-stopped
}

func TestSecondServerIsRefused(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "socket")
	server, err := Listen(socket, func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if _, err := Listen(socket, func() {}); err == nil {
		t.Error("two servers listen on one socket")
	}
}

// connect returns a function that waits for the next event and returns its type, or "" at the end.
func connect(t *testing.T, socket string) func() string {
	t.Helper()
	connection, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	lines := bufio.NewScanner(connection)
	return func() string {
		if !lines.Scan() {
			return ""
		}
		var event Event
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			t.Fatal(err)
		}
		return event.Type
	}
}
