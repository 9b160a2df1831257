//go:build tools

// Package pulumi pins the module that the Pulumi CLI is built from.
package pulumi

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
