package hostnet

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"tcp-ingress.local/node/internal/spec"
)

func TestCheckFree(t *testing.T) {
	s := &spec.Spec{Instance: "test"}
	s.Network.Block = netip.MustParsePrefix("10.201.0.0/16")
	s.Names.Interface = "tcpi-test"
	for _, test := range []struct{ name, routes, conflict string }{
		{"other networks and the default route are no conflict", `[{"dst":"default","dev":"eth0"},{"dst":"192.0.2.0/24","dev":"eth0"},{"type":"local","dst":"127.0.0.1","dev":"lo"}]`, ""},
		{"its own routes are none", `[{"dst":"10.201.0.0/16","dev":"tcpi-test"},{"type":"unreachable","dst":"10.201.0.0/16","metric":4096}]`, ""},
		{"a network inside", `[{"dst":"10.201.7.0/24","dev":"tun0"}]`, "10.201.7.0/24 dev tun0"},
		{"a network around", `[{"dst":"10.0.0.0/8","dev":"tun0"}]`, "10.0.0.0/8 dev tun0"},
		{"one address inside", `[{"type":"local","dst":"10.201.0.9","dev":"lo"}]`, "local 10.201.0.9 dev lo"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var listed []route
			if err := json.Unmarshal([]byte(test.routes), &listed); err != nil {
				t.Fatal(err)
			}
			err := checkFree(listed, s)
			if (err != nil) != (test.conflict != "") {
				t.Fatalf("got error %v, want one: %t", err, test.conflict != "")
			}
			if err != nil && !strings.Contains(err.Error(), "("+test.conflict+")") {
				t.Errorf("%q does not name %q", err, test.conflict)
			}
		})
	}
}
