{{/* What only the chart of this operator has. */}}
{{- define "chart.operatorArgs" -}}
{{- if .Values.webhooks.enabled -}}
- --webhook-bind-address=:9443
{{- with .Values.webhooks.url }}
- --webhook-url={{ . }}
{{- end }}
{{- if eq .Values.webhooks.certificates "cert-manager" }}
- --webhook-cert-dir=/certificates/webhooks
- --webhook-inject-ca-from={{ .Release.Namespace }}/{{ include "chart.fullname" . }}-webhook
{{- end }}
{{- end }}
{{- end }}

{{- define "chart.operatorClusterRules" -}}
{{ if .Values.webhooks.enabled }}{{ include "chart.rules" (list . "webhook-cluster" "") }}{{ else }}[]{{ end }}
{{- end }}

{{- define "chart.operatorPorts" -}}
{{- if .Values.webhooks.enabled -}}
- name: webhooks
  containerPort: 9443
{{- end }}
{{- end }}

{{- define "chart.operatorVolumes" -}}
{{- if and .Values.webhooks.enabled (eq .Values.webhooks.certificates "cert-manager") }}
- name: webhook-certificate
  secret:
    secretName: {{ include "chart.fullname" . }}-webhook
{{- end }}
{{- end }}

{{- define "chart.operatorMounts" -}}
{{- if and .Values.webhooks.enabled (eq .Values.webhooks.certificates "cert-manager") }}
- name: webhook-certificate
  mountPath: /certificates/webhooks
  readOnly: true
{{- end }}
{{- end }}

{{/* Tells API servers where a definition with several versions is converted, as a list of: root context, definition. */}}
{{- define "chart.operatorConversion" -}}
{{- $root := index . 0 -}}
{{- $crd := index . 1 -}}
{{- if $crd.spec.conversion -}}
{{- if not $root.Values.webhooks.enabled -}}
{{- fail "webhooks.enabled is false, so nobody would convert the versions of PrismPattern: set crds.install to false as well, and let the release that serves webhooks bring the definitions" -}}
{{- end -}}
{{- $client := $crd.spec.conversion.webhook.clientConfig -}}
{{- $_ := set $client.service "namespace" $root.Release.Namespace -}}
{{- if $root.Values.webhooks.url -}}
{{- $url := printf "%s%s" $root.Values.webhooks.url $client.service.path -}}
{{- $_ := set $crd.spec.conversion.webhook "clientConfig" (dict "url" $url) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "chart.operatorNotes" }}
{{- if and .Values.webhooks.enabled (eq .Values.webhooks.certificates "cert-manager") }}

Certificates of webhooks are made by cert-manager:

  kubectl get certificate {{ include "chart.fullname" . }}-webhook -n {{ .Release.Namespace }}
{{- end }}
{{- end }}

{{- define "chart.operatorIngress" -}}
{{- if .Values.webhooks.enabled -}}
# API servers.
- ports:
    - port: 9443
{{- end }}
{{- end }}

{{- define "chart.operatorEgress" -}}
# Members of prism-admin, which are asked who leads and told of namespaces.
- to:
    - podSelector:
        matchLabels:
          app.kubernetes.io/managed-by: prism-operator
      namespaceSelector: {{- include "chart.workNamespaces" . | nindent 8 }}
{{- end }}
