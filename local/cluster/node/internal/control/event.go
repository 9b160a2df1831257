// Package control tells those who ask what a cluster is doing, and lets them stop it, over a unix socket. The kernel closes the socket
// with the process, so a connection tells who is alive as no file could.
package control

import (
	"encoding/json"
	"io"
	"strings"
	"sync"
	"time"
)

// Event is one thing that happened; each is one line of JSON.
type Event struct {
	// Type is started, step, ready, stopping, failed or now.
	Type string `json:"type"`
	// Message says for people what happened.
	Message string `json:"message"`
	// Seconds is the time since the cluster's start.
	Seconds float64 `json:"seconds"`
	// PID (of the supervisor) and State come with "started".
	PID   int    `json:"pid,omitempty"`
	State string `json:"state,omitempty"`
}

// Failed is the event of an error, as a sentence: people read it.
func Failed(err error) Event { return Event{Type: "failed", Message: Sentence(err)} }

// Sentence is an error's text with a capital letter at its beginning.
func Sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}

// Reporter writes events.
type Reporter struct {
	mutex sync.Mutex
	start time.Time
	to    io.Writer
}

// NewReporter makes a reporter whose clock began at start.
func NewReporter(to io.Writer, start time.Time) *Reporter { return &Reporter{start: start, to: to} }

// Report writes one event. Whoever listens may have gone, which is no error.
func (r *Reporter) Report(event Event) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	event.Seconds = float64(time.Since(r.start).Milliseconds()) / 1000
	line, err := json.Marshal(event)
	if err != nil {
		panic(err) // an Event has nothing that can't be encoded
	}
	_, _ = r.to.Write(append(line, '\n'))
}
