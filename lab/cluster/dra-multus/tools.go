//go:build tools

// Keeps in this module's requirements a Multus that reads pods' claims, which no release does so far.
package tools

import _ "gopkg.in/k8snetworkplumbingwg/multus-cni.v4/cmd/multus"
