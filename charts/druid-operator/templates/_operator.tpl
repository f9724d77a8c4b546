{{/* What only the chart of this operator has. */}}
{{- define "druid-operator.operatorArgs" -}}
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

{{- define "druid-operator.operatorClusterRules" }}[]{{ end }}
{{- define "druid-operator.operatorPorts" }}{{ end }}
{{- define "druid-operator.operatorVolumes" }}{{ end }}
{{- define "druid-operator.operatorMounts" }}{{ end }}
{{- define "druid-operator.operatorConversion" }}{{ end }}
{{- define "druid-operator.operatorNotes" }}{{ end }}
{{- define "druid-operator.operatorIngress" }}{{ end }}

{{- define "druid-operator.operatorEgress" -}}
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
