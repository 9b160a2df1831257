package node

import (
	"io"
	"os"
	"strings"

	"tcp-ingress.local/node/internal/component"
)

// imageNames are the images that containerd has.
func (n *node) imageNames() (map[string]bool, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	command := component.Ctr(n.Spec, "images", "list", "--quiet")
	command.Stdout = writer
	process, err := n.table.Start(command)
	writer.Close()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for name := range strings.Lines(string(text)) {
		names[strings.TrimSpace(name)] = true
	}
	return names, process.Wait(command.Log)
}
