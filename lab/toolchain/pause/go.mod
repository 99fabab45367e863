module claude-code-monitoring/toolchain/pause

go 1.24
