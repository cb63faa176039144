{{- define "labels.all" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
{{- end -}}
