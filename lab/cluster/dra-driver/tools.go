//go:build tools

// Keeps the DRA driver of SR-IOV devices in this module's requirements.
package tools

import _ "github.com/k8snetworkplumbingwg/dra-driver-sriov/cmd/dra-driver-sriov"
