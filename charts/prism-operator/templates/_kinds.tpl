{{- define "prism-operator.operator" -}}
prism-operator
{{- end }}

{{- define "prism-operator.resources" -}}
prism.io/v1alpha1/prismclusters prism.io/v1beta1/prismpatterns prism.io/v1alpha2/prismnamespaces prism.io/v1alpha3/prismfederations
{{- end }}

{{- define "prism-operator.plurals" -}}
prismclusters,prismpatterns,prismnamespaces,prismfederations
{{- end }}
