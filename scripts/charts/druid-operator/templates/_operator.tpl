{{/* What only the chart of this operator has. */}}
{{- define "chart.operatorArgs" -}}
{{- range .Values.allow.endpoints }}
- {{ printf "--allow-endpoint=%s" . | quote }}
{{- end }}
{{- range .Values.allow.addresses }}
- {{ printf "--allow-address=%s" . | quote }}
{{- end }}
{{- range .Values.deny.addresses }}
- {{ printf "--deny-address=%s" . | quote }}
{{- end }}
{{- range .Values.allow.inputSources }}
- {{ printf "--allow-input-source=%s" . | quote }}
{{- end }}
{{- range .Values.allow.lookups }}
- {{ printf "--allow-lookup=%s" . | quote }}
{{- end }}
{{- range .Values.allow.consumerProperties }}
- {{ printf "--allow-consumer-property=%s" . | quote }}
{{- end }}
{{- if .Values.allow.javascript }}
- --allow-javascript
{{- end }}
{{- end }}

{{- define "chart.operatorClusterRules" }}[]{{ end }}
{{- define "chart.operatorPorts" }}{{ end }}
{{- define "chart.operatorVolumes" }}{{ end }}
{{- define "chart.operatorMounts" }}{{ end }}
{{- define "chart.operatorConversion" }}{{ end }}
{{- define "chart.operatorNotes" }}{{ end }}
{{- define "chart.operatorIngress" }}{{ end }}

{{- define "chart.operatorEgress" -}}
{{- with .Values.networkPolicy.druid -}}
# Routers and overlords of Druid, wherever they are.
- ports:
    {{- range .ports }}
    - port: {{ . }}
    {{- end }}
  {{- with .to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
