package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Object is what Follow has to know of an object.
type Object interface {
	// Identity is the object's UID.
	Identity() string
	// Version is the object's resourceVersion.
	Version() string
}

// Follow keeps a collection up to date by list and watch, and calls changed with all of it after each change, until the context ends. It begins anew, after a
// pause, whenever the API server is away or has forgotten the version.
func Follow[O Object](ctx context.Context, c *Client, path string, changed func([]O), failed func(error)) {
	const pause = 200 * time.Millisecond
	for ctx.Err() == nil {
		if err := follow(ctx, c, path, changed); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func follow[O Object](ctx context.Context, c *Client, path string, changed func([]O)) error {
	var list struct {
		Metadata struct{ ResourceVersion string }
		Items    []O
	}
	if err := c.Get(ctx, path, &list); err != nil {
		return err
	}
	objects := map[string]O{}
	for _, object := range list.Items {
		objects[object.Identity()] = object
	}
	changed(list.Items)
	version := list.Metadata.ResourceVersion
	for {
		response, err := c.send(ctx, http.MethodGet, path+"?watch=1&resourceVersion="+version, "", nil)
		if err != nil {
			return err
		}
		version, err = events(response.Body, objects, version, changed)
		response.Body.Close()
		// The server ends every watch after some minutes: the next one goes on from the last version.
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
}

func events[O Object](body io.Reader, objects map[string]O, version string, changed func([]O)) (string, error) {
	for decoder := json.NewDecoder(body); ; {
		var event struct {
			Type   string
			Object json.RawMessage
		}
		if err := decoder.Decode(&event); err != nil {
			return version, err
		}
		if event.Type == "ERROR" {
			return version, fmt.Errorf("the watch was ended: %s", event.Object)
		}
		var object O
		if err := json.Unmarshal(event.Object, &object); err != nil {
			return version, err
		}
		version = object.Version()
		if event.Type == "DELETED" {
			delete(objects, object.Identity())
		} else {
			objects[object.Identity()] = object
		}
		all := make([]O, 0, len(objects))
		for _, each := range objects {
			all = append(all, each)
		}
		changed(all)
	}
}
