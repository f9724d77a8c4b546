{{/* Name of what is installed. Names are cut where a suffix would make them longer than a Service's may be. */}}
{{- define "prism-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride }}
{{- else if contains (include "prism-operator.operator" .) .Release.Name -}}
{{ .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name (include "prism-operator.operator" .) | trunc 52 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{/* Name of what has no namespace: no other release can have it, for no name has a colon in it. */}}
{{- define "prism-operator.clusterName" -}}
{{ printf "%s:%s" .Release.Namespace (include "prism-operator.fullname" .) }}
{{- end }}

{{- define "prism-operator.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default (include "prism-operator.fullname" .) }}
{{- end }}

{{/* Operators let pods with this name, in the namespace of the release, reach what they made: it is the same in every release. */}}
{{- define "prism-operator.selector" -}}
app.kubernetes.io/name: {{ include "prism-operator.operator" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Labels of everything but the pods of the operator, which no selector may find by them. */}}
{{- define "prism-operator.labels" -}}
{{ include "prism-operator.selector" . }}
{{ include "prism-operator.releaseLabels" . }}
{{- end }}

{{- define "prism-operator.releaseLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: capstan
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The image: by its digest where one is told, by the version of the chart where nothing is. */}}
{{- define "prism-operator.image" -}}
{{- with .Values.image.registry }}{{ . }}/{{ end -}}
{{ .Values.image.repository }}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end }}
