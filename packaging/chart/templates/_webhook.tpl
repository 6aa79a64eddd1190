{{- define "podbond.client" -}}
{{- if .context.Values.webhook.url -}}
url: {{ .context.Values.webhook.url }}{{ .path }}
{{- else -}}
service:
  name: podbond-webhook
  namespace: {{ .context.Release.Namespace }}
  path: {{ .path }}
{{- end -}}
{{- end -}}
{{- define "podbond.asksForNetworks" -}}
- name: asks-for-networks
  expression: >-
    has(object.metadata.annotations) && 'k8s.v1.cni.cncf.io/networks' in object.metadata.annotations
{{- end -}}
{{- define "podbond.asksForOtherNetworks" -}}
- name: asks-for-other-networks
  expression: >-
    request.operation == 'CREATE' || !has(oldObject.metadata.annotations) ||
    !('k8s.v1.cni.cncf.io/networks' in oldObject.metadata.annotations) ||
    oldObject.metadata.annotations['k8s.v1.cni.cncf.io/networks'] !=
    object.metadata.annotations['k8s.v1.cni.cncf.io/networks']
{{- end -}}
