//go:build tools

// Keeps whereabouts in this module's requirements.
package tools

import _ "github.com/k8snetworkplumbingwg/whereabouts/cmd"
