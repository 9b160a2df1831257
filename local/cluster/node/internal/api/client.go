// Package api is a small client of the Kubernetes API: what the node itself asks of it.
package api

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"tcp-ingress.local/node/internal/spec"
)

// requestLimit is how long any answer but a watch may take.
const requestLimit = 10 * time.Second

// Client speaks to one API server.
type Client struct {
	server string
	http   *http.Client
}

// StatusError is an answer that is no success.
type StatusError struct {
	Code    int
	Message string
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("the API server answered %d: %s", e.Code, e.Message)
}

// IsStatus says whether the error is an answer with that code.
func IsStatus(err error, code int) bool {
	var status *StatusError
	return errors.As(err, &status) && status.Code == code
}

// New makes a client that is the cluster's administrator.
func New(s *spec.Spec) (*Client, error) {
	pair, err := tls.LoadX509KeyPair(s.InState("pki", "admin.crt"), s.InState("pki", "admin.key"))
	if err != nil {
		return nil, fmt.Errorf("cannot load the administrator's certificate: %w", err)
	}
	text, err := os.ReadFile(s.InState("pki", "ca.crt"))
	if err != nil {
		return nil, fmt.Errorf("cannot load the certificate authority: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	// A transport of one's own uses no proxy that the environment may name.
	transport := &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: roots}}
	return &Client{s.APIServer(), &http.Client{Transport: transport}}, nil
}

// Ready says whether the API server calls itself ready.
func (c *Client) Ready(ctx context.Context) bool {
	return c.call(ctx, http.MethodGet, "/readyz", "", nil, nil) == nil
}

// Get reads an object or a list.
func (c *Client) Get(ctx context.Context, path string, into any) error {
	return c.call(ctx, http.MethodGet, path, "", nil, into)
}

// Create makes an object.
func (c *Client) Create(ctx context.Context, path string, object any) error {
	body, err := json.Marshal(object)
	if err != nil {
		return err
	}
	return c.call(ctx, http.MethodPost, path, "application/json", body, nil)
}

// Merge changes an object by a JSON merge patch (RFC 7386).
func (c *Client) Merge(ctx context.Context, path string, patch any) error {
	body, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	return c.call(ctx, http.MethodPatch, path, "application/merge-patch+json", body, nil)
}

// Apply makes or changes an object by server-side apply, from YAML.
func (c *Client) Apply(ctx context.Context, path string, manifest []byte) error {
	return c.call(ctx, http.MethodPatch, path+"?fieldManager=cluster-node&force=true", "application/apply-patch+yaml", manifest, nil)
}

func (c *Client) call(ctx context.Context, method, path, contentType string, body []byte, into any) error {
	ctx, cancel := context.WithTimeout(ctx, requestLimit)
	defer cancel()
	response, err := c.send(ctx, method, path, contentType, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if into == nil {
		// Read to the end, so that the connection can be used again.
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
	return json.NewDecoder(response.Body).Decode(into)
}

func (c *Client) send(ctx context.Context, method, path, contentType string, body []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.server+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= 300 {
		defer response.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(response.Body, 4096))
		return nil, &StatusError{response.StatusCode, string(text)}
	}
	return response, nil
}
