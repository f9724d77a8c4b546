{{/* Name of what is installed. Names are cut where a suffix would make them longer than a Service's may be. */}}
{{- define "druid-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride }}
{{- else if contains (include "druid-operator.operator" .) .Release.Name -}}
{{ .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name (include "druid-operator.operator" .) | trunc 52 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{/* Name of what has no namespace: no other release can have it, for no name has a colon in it. */}}
{{- define "druid-operator.clusterName" -}}
{{ printf "%s:%s" .Release.Namespace (include "druid-operator.fullname" .) }}
{{- end }}

{{- define "druid-operator.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default (include "druid-operator.fullname" .) }}
{{- end }}

{{/* Operators let pods with this name, in the namespace of the release, reach what they made: it is the same in every release. */}}
{{- define "druid-operator.selector" -}}
app.kubernetes.io/name: {{ include "druid-operator.operator" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Labels of everything but the pods of the operator, which no selector may find by them. */}}
{{- define "druid-operator.labels" -}}
{{ include "druid-operator.selector" . }}
{{ include "druid-operator.releaseLabels" . }}
{{- end }}

{{- define "druid-operator.releaseLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: capstan
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The image: by its digest where one is told, by the version of the chart where nothing is. */}}
{{- define "druid-operator.image" -}}
{{- with .Values.image.registry }}{{ . }}/{{ end -}}
{{ .Values.image.repository }}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end }}
