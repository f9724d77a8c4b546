{{/* What only the chart of this operator has. */}}
{{- define "chart.operatorArgs" -}}
{{- with .Values.agentImage -}}
- {{ printf "--agent-image=%s" . | quote }}
{{ end -}}
{{- with .Values.lingerImage -}}
- {{ printf "--linger-image=%s" . | quote }}
{{- end -}}
{{- end }}

{{- define "chart.operatorClusterRules" }}[]{{ end }}
{{- define "chart.operatorPorts" }}{{ end }}
{{- define "chart.operatorVolumes" }}{{ end }}
{{- define "chart.operatorMounts" }}{{ end }}
{{- define "chart.operatorConversion" }}{{ end }}
{{- define "chart.operatorNotes" }}{{ end }}
{{- define "chart.operatorIngress" }}{{ end }}

{{- define "chart.operatorEgress" -}}
# Brokers, which are asked who leads; each cluster chooses their ports.
- to:
    - podSelector:
        matchLabels:
          app.kubernetes.io/managed-by: streambus-operator
      namespaceSelector: {{- include "chart.workNamespaces" . | nindent 8 }}
{{- end }}
