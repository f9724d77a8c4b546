{{/* Certificates that others make and renew. */}}
{{- define "druid-operator.volumes" -}}
{{- if and .Values.metrics.secure .Values.metrics.certificateSecret }}
- name: metrics-certificate
  secret:
    secretName: {{ .Values.metrics.certificateSecret }}
{{- end }}
{{- include "druid-operator.operatorVolumes" . }}
{{- end }}

{{- define "druid-operator.mounts" -}}
{{- if and .Values.metrics.secure .Values.metrics.certificateSecret }}
- name: metrics-certificate
  mountPath: /certificates/metrics
  readOnly: true
{{- end }}
{{- include "druid-operator.operatorMounts" . }}
{{- end }}

{{/* Options of the container's Node: a second variable of this name would take the place of the first, so they are put together. */}}
{{- define "druid-operator.nodeOptions" -}}
--max-semi-space-size=1
{{- range .Values.extraEnv }}{{ if eq .name "NODE_OPTIONS" }} {{ .value }}{{ end }}{{ end -}}
{{- end }}

{{/* Selects the namespaces that the operator works in. */}}
{{- define "druid-operator.workNamespaces" -}}
{{- if .Values.namespaces -}}
matchExpressions:
  - key: kubernetes.io/metadata.name
    operator: In
    values: {{- toYaml .Values.namespaces | nindent 6 }}
{{- else -}}
{}
{{- end }}
{{- end }}
