module claude-code-monitoring/grafana-server-standin

go 1.24
