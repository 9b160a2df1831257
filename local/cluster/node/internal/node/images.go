package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"tcp-ingress.local/node/internal/component"
	"tcp-ingress.local/node/internal/image"
)

// importImages gives containerd the images that it lacks.
func (n *node) importImages(ctx context.Context, images ...*image.Program) error {
	if err := n.until(ctx, "The container runtime answers", listens(component.Socket(n.Spec))); err != nil {
		return err
	}
	there, err := n.imageNames()
	if err != nil {
		return err
	}
	for _, each := range images {
		if !there[each.Reference] {
			if err := n.importImage(each); err != nil {
				return fmt.Errorf("cannot import image %s: %w", each.Reference, err)
			}
		}
	}
	n.step("The node's images are in place")
	return nil
}

func (n *node) importImage(of *image.Program) error {
	reader, writer, err := os.Pipe()
	if err != nil {
		return err
	}
	defer reader.Close()
	command := component.Ctr(n.Spec, "images", "import", "-")
	command.Stdin = reader
	process, err := n.table.Start(command)
	if err != nil {
		return errors.Join(err, writer.Close())
	}
	// Ours has to be closed, so that a reader that has ended is noticed.
	reader.Close()
	err = errors.Join(of.Write(writer), writer.Close())
	return errors.Join(process.Wait(command.Log), err)
}

// imageNames are the images that containerd has.
func (n *node) imageNames() (map[string]bool, error) {
	text, err := n.table.Output(component.Ctr(n.Spec, "images", "list", "--quiet"))
	names := map[string]bool{}
	for name := range strings.Lines(text) {
		names[strings.TrimSpace(name)] = true
	}
	return names, err
}
