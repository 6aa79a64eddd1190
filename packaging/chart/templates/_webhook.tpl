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
