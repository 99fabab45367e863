module claude-code-monitoring/shifted-clock

go 1.24
