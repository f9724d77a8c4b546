{{/* The security of every pod of this chart: admitted under the Pod Security Standard "restricted". */}}
{{- define "chart.podSecurity" -}}
runAsNonRoot: true
{{- if eq .Values.podSecurity "restricted" }}
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "chart.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}
