{{/*
A role with its binding, as a list of: root context, kind ("Role" or "ClusterRole"), name, namespace ("" where it has none),
service account, rules. Nothing where there are no rules: no role may be empty by mistake, and none needs to be.
*/}}
{{- define "chart.granted" -}}
{{- $root := index . 0 -}}
{{- $kind := index . 1 -}}
{{- $name := index . 2 -}}
{{- $namespace := index . 3 -}}
{{- $account := index . 4 -}}
{{- $rules := index . 5 -}}
{{- $annotations := index . 6 -}}
{{- if $rules }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}
metadata:
  name: {{ $name }}
  {{- with $namespace }}
  namespace: {{ . }}
  {{- end }}
  labels: {{- include "chart.labels" $root | nindent 4 }}
  {{- with $annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
rules: {{- toYaml $rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}Binding
metadata:
  name: {{ $name }}
  {{- with $namespace }}
  namespace: {{ . }}
  {{- end }}
  labels: {{- include "chart.labels" $root | nindent 4 }}
  {{- with $annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ $kind }}
  name: {{ $name }}
subjects:
  - kind: ServiceAccount
    name: {{ $account }}
    namespace: {{ $root.Release.Namespace }}
{{- end }}
{{- end }}

{{/* Rules of a file, with what only the release knows filled in, as a list of: root context, file, namespace ("" for none). */}}
{{- define "chart.rules" -}}
{{- $root := index . 0 -}}
{{- $root.Files.Get (printf "files/rules/%s.yaml" (index . 1))
    | replace "$(namespace)" (index . 2)
    | replace "$(deployment)" (include "chart.fullname" $root) -}}
{{- end }}
