//go:build tools

// Keeps the real helm, for helm template, in this module's requirements.
package tools

import _ "helm.sh/helm/v3/cmd/helm"
