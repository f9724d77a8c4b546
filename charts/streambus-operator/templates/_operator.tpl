{{/* What only the chart of this operator has. */}}
{{- define "streambus-operator.operatorArgs" -}}
{{- with .Values.agentImage -}}
- {{ printf "--agent-image=%s" . | quote }}
{{ end -}}
{{- with .Values.lingerImage -}}
- {{ printf "--linger-image=%s" . | quote }}
{{- end -}}
{{- end }}

{{- define "streambus-operator.operatorClusterRules" }}[]{{ end }}
{{- define "streambus-operator.operatorPorts" }}{{ end }}
{{- define "streambus-operator.operatorVolumes" }}{{ end }}
{{- define "streambus-operator.operatorMounts" }}{{ end }}
{{- define "streambus-operator.operatorConversion" }}{{ end }}
{{- define "streambus-operator.operatorNotes" }}{{ end }}
{{- define "streambus-operator.operatorIngress" }}{{ end }}

{{- define "streambus-operator.operatorEgress" -}}
# Brokers, which are asked who leads; each cluster chooses their ports.
- to:
    - podSelector:
        matchLabels:
          app.kubernetes.io/managed-by: streambus-operator
      namespaceSelector: {{- include "streambus-operator.workNamespaces" . | nindent 8 }}
{{- end }}
