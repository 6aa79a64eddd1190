{{- /* The address, if the agent understands it: with another it would end at its start, on every node. */}}
{{- define "podbond.metricsAddress" -}}
{{- if not (regexMatch `^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F]*:[0-9a-fA-F:.]+]|\$\(NODE_IP\)|\[\$\(NODE_IP\)])$` .at.address) -}}
{{- fail (printf "%s.address is %q, which must be an IPv4 address, an IPv6 address in brackets, $(NODE_IP) or [$(NODE_IP)]" .name .at.address) -}}
{{- end -}}
{{- if not (and (ge (int .at.port) 1) (le (int .at.port) 65535)) -}}
{{- fail (printf "%s.port is %v, which must be a port from 1 to 65535" .name .at.port) -}}
{{- end -}}
{{- .at.address -}}
{{- end -}}
{{- /* "true" if a container of its own stands beside the agent, whose answers it takes to the cluster. */}}
{{- define "podbond.reporter" -}}
{{- if or .Values.agent.nodeState.enabled .Values.agent.secureMetrics.enabled }}true{{ end -}}
{{- end -}}
