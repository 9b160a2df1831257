package main

import (
	"fmt"
	"time"
)

var began = time.Now()

// now is the time since the program's start: one reading of the monotonic clock.
func now() time.Duration { return time.Since(began) }

// result is what a load tells.
type result struct {
	// Units are messages, connections or bytes, as the mode counts.
	Units   int64   `json:"units"`
	Seconds float64 `json:"seconds"`
	// CPU seconds of each watched process and what it started, and of this one as "load".
	CPU map[string]float64 `json:"cpu"`
	// Latency of messages or connections in microseconds; absent where the mode has none.
	Latency *latency `json:"latency,omitempty"`
	// Memory of each watched process, in mode idle.
	Memory map[string]memoryChange `json:"memory,omitempty"`
	Errors int                     `json:"errors"`
	// Error is the first one.
	Error string `json:"error,omitempty"`
}

type latency struct {
	P50  float64 `json:"p50"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p999"`
}

type memoryChange struct {
	Before memory `json:"before"`
	After  memory `json:"after"`
}

// window is the part of a load that is measured: it opens when the load has run for a while, and then stays open for as long as was asked.
type window struct {
	result  result
	latency histogram
	watch   map[string]int

	opensAt, closesAt time.Duration
	openedAt          time.Duration
	open              bool
	before            map[string]time.Duration
}

func newWindow(o options) *window {
	opensAt := now() + o.warm
	return &window{watch: o.watch, opensAt: opensAt, closesAt: opensAt + o.duration, before: map[string]time.Duration{}}
}

// running is to be asked after each turn of a load's loop; it says when to stop. What was counted before the window opened is forgotten.
func (w *window) running() (bool, error) {
	at := now()
	if !w.open {
		if at < w.opensAt {
			return true, nil
		}
		return true, w.opened()
	}
	if at < w.closesAt {
		return true, nil
	}
	return false, w.closed(at)
}

func (w *window) opened() error {
	for name, pid := range w.watch {
		used, err := cpuTime(pid)
		if err != nil {
			return err
		}
		w.before[name] = used
	}
	w.open, w.openedAt, w.latency, w.result.Units = true, now(), histogram{}, 0
	return nil
}

func (w *window) closed(at time.Duration) error {
	w.result.Seconds = (at - w.openedAt).Seconds()
	w.result.CPU = map[string]float64{}
	for name, pid := range w.watch {
		used, err := cpuTime(pid)
		if err != nil {
			return err
		}
		w.result.CPU[name] = (used - w.before[name]).Seconds()
	}
	if w.latency.total > 0 {
		w.result.Latency = &latency{P50: w.latency.quantile(0.5), P99: w.latency.quantile(0.99), P999: w.latency.quantile(0.999)}
	}
	return nil
}

// failed notes that something did not go as it should.
func (w *window) failed(format string, args ...any) {
	if w.result.Errors == 0 {
		w.result.Error = fmt.Sprintf(format, args...)
	}
	w.result.Errors++
}
