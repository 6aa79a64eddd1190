//go:build tools

// Keeps the SR-IOV network device plugin in this module's requirements.
package tools

import _ "github.com/k8snetworkplumbingwg/sriov-network-device-plugin/cmd/sriovdp"
