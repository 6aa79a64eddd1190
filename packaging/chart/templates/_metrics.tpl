{{- /* The address, if the agent understands it: with another it would end at its start, on every node. */}}
{{- define "podbond.metricsAddress" -}}
{{- if not (regexMatch `^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F]*:[0-9a-fA-F:.]+]|\$\(NODE_IP\)|\[\$\(NODE_IP\)])$` .address) -}}
{{- fail (printf "agent.metrics.address is %q, which must be an IPv4 address, an IPv6 address in brackets, $(NODE_IP) or [$(NODE_IP)]" .address) -}}
{{- end -}}
{{- if not (and (ge (int .port) 1) (le (int .port) 65535)) -}}
{{- fail (printf "agent.metrics.port is %v, which must be a port from 1 to 65535" .port) -}}
{{- end -}}
{{- .address -}}
{{- end -}}
