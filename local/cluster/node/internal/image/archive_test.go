package image

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestSameProgramMakesSameImage(t *testing.T) {
	first, second := write(t, "content"), write(t, "content")
	if !bytes.Equal(first, second) {
		t.Error("two images of one program differ")
	}
	if bytes.Equal(first, write(t, "changed")) {
		t.Error("images of two programs are the same")
	}
}

func TestArchiveHoldsConfigLayerAndManifest(t *testing.T) {
	archive := tar.NewReader(bytes.NewReader(write(t, "content")))
	var names []string
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, filepath.Ext(header.Name))
	}
	if len(names) != 3 || names[0] != ".json" || names[1] != ".tar" || names[2] != ".json" {
		t.Errorf("got entries %q", names)
	}
}

func write(t *testing.T, content string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(file, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
	program, err := Of(file)
	if err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	if err := program.Write(&archive); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}
