{{/* Certificates that others make and renew. */}}
{{- define "prism-operator.volumes" -}}
{{- if and .Values.metrics.secure .Values.metrics.certificateSecret }}
- name: metrics-certificate
  secret:
    secretName: {{ .Values.metrics.certificateSecret }}
{{- end }}
{{- include "prism-operator.operatorVolumes" . }}
{{- end }}

{{- define "prism-operator.mounts" -}}
{{- if and .Values.metrics.secure .Values.metrics.certificateSecret }}
- name: metrics-certificate
  mountPath: /certificates/metrics
  readOnly: true
{{- end }}
{{- include "prism-operator.operatorMounts" . }}
{{- end }}

{{/* Options of the container's Node: a second variable of this name would take the place of the first, so they are put together. */}}
{{- define "prism-operator.nodeOptions" -}}
--max-semi-space-size=1
{{- range .Values.extraEnv }}{{ if eq .name "NODE_OPTIONS" }} {{ .value }}{{ end }}{{ end -}}
{{- end }}

{{/* Selects the namespaces that the operator works in. */}}
{{- define "prism-operator.workNamespaces" -}}
{{- if .Values.namespaces -}}
matchExpressions:
  - key: kubernetes.io/metadata.name
    operator: In
    values: {{- toYaml .Values.namespaces | nindent 6 }}
{{- else -}}
{}
{{- end }}
{{- end }}
