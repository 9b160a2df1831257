// Package image makes images of one static program, for containerd to import.
package image

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// Program is an image that holds one program and nothing else.
type Program struct {
	// Reference is the image's name; its tag tells the content.
	Reference string
	file      string
	name      string
	config    []byte
}

// Of describes the image of a program.
func Of(file string) (*Program, error) {
	name := filepath.Base(file)
	digest := sha256.New()
	if err := writeLayer(digest, file, name); err != nil {
		return nil, fmt.Errorf("cannot make an image of %s: %w", file, err)
	}
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH, "os": "linux",
		"config": map[string]any{"Entrypoint": []string{"/" + name}, "WorkingDir": "/"},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{fmt.Sprintf("sha256:%x", digest.Sum(nil))}},
	})
	if err != nil {
		return nil, err
	}
	return &Program{Reference: fmt.Sprintf("tcp-ingress.local/%s:%.12x", name, sha256.Sum256(config)), file: file, name: name, config: config}, nil
}

// Write writes the image in the form of "docker save"
// (https://github.com/moby/docker-image-spec/blob/main/v1.2.md#combined-image-json--filesystem-changeset-format).
func (p *Program) Write(to io.Writer) error {
	configFile := fmt.Sprintf("%x.json", sha256.Sum256(p.config))
	manifest, err := json.Marshal([]map[string]any{{"Config": configFile, "RepoTags": []string{p.Reference}, "Layers": []string{"layer.tar"}}})
	if err != nil {
		return err
	}
	size := new(counter)
	if err := writeLayer(size, p.file, p.name); err != nil {
		return err
	}
	archive := tar.NewWriter(to)
	for _, entry := range []struct {
		name  string
		size  int64
		write func(io.Writer) error
	}{
		{configFile, int64(len(p.config)), func(w io.Writer) error { _, err := w.Write(p.config); return err }},
		{"layer.tar", int64(*size), func(w io.Writer) error { return writeLayer(w, p.file, p.name) }},
		{"manifest.json", int64(len(manifest)), func(w io.Writer) error { _, err := io.Copy(w, bytes.NewReader(manifest)); return err }},
	} {
		if err := archive.WriteHeader(&tar.Header{Name: entry.name, Mode: 0o644, Size: entry.size}); err != nil {
			return err
		}
		if err := entry.write(archive); err != nil {
			return err
		}
	}
	return archive.Close()
}

// writeLayer writes the image's one layer: the same bytes for the same program.
func writeLayer(to io.Writer, file, name string) error {
	program, err := os.Open(file)
	if err != nil {
		return err
	}
	defer program.Close()
	info, err := program.Stat()
	if err != nil {
		return err
	}
	layer := tar.NewWriter(to)
	if err := layer.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: info.Size()}); err != nil {
		return err
	}
	if _, err := io.Copy(layer, program); err != nil {
		return err
	}
	return layer.Close()
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
