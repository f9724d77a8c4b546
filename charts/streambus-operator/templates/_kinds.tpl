{{- define "streambus-operator.operator" -}}
streambus-operator
{{- end }}

{{- define "streambus-operator.resources" -}}
streambus.io/v1alpha1/streambusclusters
{{- end }}

{{- define "streambus-operator.plurals" -}}
streambusclusters
{{- end }}
