package process

import (
	"fmt"
	"log"
	"sync"
	"time"
)

const (
	// restartDelay is the pause before a service that ended by itself is started again.
	restartDelay = time.Second
	// A service that ends by itself more than restartLimit times within restartWindow is given up.
	restartLimit  = 5
	restartWindow = time.Minute
)

// Service is a process that is started again when it ends by itself.
type Service struct {
	Name string

	table   *Table
	command func() Command
	give    func(error)

	mutex    sync.Mutex
	current  *Process
	stopping chan struct{}
	stopped  chan struct{}
}

// Serve starts a service. The command is asked for anew at each start. giveUp is called once, if it ends too often.
func (t *Table) Serve(command func() Command, giveUp func(error)) (*Service, error) {
	first := command()
	process, err := t.Start(first)
	if err != nil {
		return nil, err
	}
	service := &Service{
		Name: first.Name, table: t, command: command, give: giveUp, current: process,
		stopping: make(chan struct{}), stopped: make(chan struct{}),
	}
	go service.watch(first.Log)
	return service, nil
}

func (s *Service) watch(logFile string) {
	defer close(s.stopped)
	var endings []time.Time
	for process := s.current; ; {
		select {
		case <-process.Done:
		case <-s.stopping:
			return
		}
		log.Printf("%s ended with %s (see %s)", s.Name, process.Ending(), logFile)
		endings = append(endings, time.Now())
		for time.Since(endings[0]) > restartWindow {
			endings = endings[1:]
		}
		if len(endings) > restartLimit {
			s.give(fmt.Errorf("%s ended %d times within %v, the last time with %s (see %s)", s.Name, len(endings), restartWindow, process.Ending(), logFile))
			return
		}
		select {
		case <-time.After(restartDelay):
		case <-s.stopping:
			return
		}
		next, err := s.restart()
		if err != nil {
			s.give(err)
			return
		}
		if next == nil {
			return
		}
		process = next
	}
}

// restart starts the process again, or returns nil when Stop was called in the meantime.
func (s *Service) restart() (*Process, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	select {
	case <-s.stopping:
		return nil, nil
	default:
	}
	process, err := s.table.Start(s.command())
	if err == nil {
		s.current = process
	}
	return process, err
}

// Stop ends the service for good; the process is killed when the limit is over. It may be called once.
func (s *Service) Stop(limit time.Duration) {
	s.mutex.Lock()
	close(s.stopping)
	process := s.current
	s.mutex.Unlock()
	process.Stop(limit)
	<-s.stopped
}
