// Command bench-load is both ends of the benchmark's connections: what loads a proxy, and the server behind it.
//
//	bench-load serve -host 127.0.0.1 -echo 3333 -sink 3334 -proxy 3335
//	bench-load MODE -target 127.0.0.1:4000 [-connections N] [-seconds S] [-warm S] [-size BYTES] [-rate N] [-watch NAME=PID,…]
//
// The server prints "ready" and runs until it is ended. A load prints one line of JSON, see result. Every byte that comes back is compared with
// what was sent, and what did not come as it should is an error in the result.
//
// Both are one thread with an epoll loop of bare system calls, so that little time is spent beside the proxy's; only the TLS modes are ordinary Go.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

type options struct {
	target      string
	connections int
	duration    time.Duration
	warm        time.Duration
	size        int
	rate        float64
	watch       map[string]int
}

var modes = map[string]func(options) (*result, error){
	"ping":        ping,
	"open":        open,
	"bulk":        bulk,
	"echo":        echo,
	"connect":     connect,
	"idle":        idle,
	"tls-connect": tlsConnect,
	"tls-bulk":    tlsBulk,
}

func main() {
	runtime.GOMAXPROCS(1)
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("Cannot run without a mode: give serve or one of a load")
	}
	if args[0] == "serve" {
		return serveCommand(args[1:])
	}
	mode, known := modes[args[0]]
	if !known {
		return fmt.Errorf("Cannot run mode %s: there is none of that name", args[0])
	}
	options, err := parse(args[1:])
	if err != nil {
		return err
	}
	result, err := mode(options)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

func parse(args []string) (options, error) {
	o := options{watch: map[string]int{"load": os.Getpid()}}
	flags := flag.NewFlagSet("bench-load", flag.ExitOnError)
	flags.StringVar(&o.target, "target", "", "IPv4 `address` and port of what is loaded")
	flags.IntVar(&o.connections, "connections", 1, "open at a time")
	seconds := flags.Float64("seconds", 1, "how long is measured")
	warm := flags.Float64("warm", 0.2, "seconds of the same load before it is measured")
	flags.IntVar(&o.size, "size", 64, "bytes of a message")
	flags.Float64Var(&o.rate, "rate", 1000, "messages per second over all connections, in mode open")
	watch := flags.String("watch", "", "processes whose CPU time and memory is told, as `NAME=PID,…`")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.connections < 1 || o.connections > maxFiles-64 || o.size < headerSize || o.size > chunkSize || o.rate <= 0 {
		return o, fmt.Errorf("Cannot load with these options: see bench-load -help")
	}
	o.duration, o.warm = inSeconds(*seconds), inSeconds(*warm)
	for _, entry := range strings.FieldsFunc(*watch, func(r rune) bool { return r == ',' }) {
		name, pid, _ := strings.Cut(entry, "=")
		number := 0
		if _, err := fmt.Sscan(pid, &number); err != nil {
			return o, fmt.Errorf("Cannot watch %q: give NAME=PID", entry)
		}
		o.watch[name] = number
	}
	return o, nil
}

func inSeconds(seconds float64) time.Duration {
	return time.Duration(seconds * float64(time.Second))
}
