//go:build tools

// Keeps Multus in this module's requirements.
package tools

import _ "gopkg.in/k8snetworkplumbingwg/multus-cni.v4/cmd/multus"
