{{- define "druid-operator.operator" -}}
druid-operator
{{- end }}

{{- define "druid-operator.resources" -}}
druid.apache.org/v1alpha1/druidingestions
{{- end }}

{{- define "druid-operator.plurals" -}}
druidingestions
{{- end }}
