package main

// blockRange is the time that one block holds: [from, to).
type blockRange struct {
	from, to int64
	// level is how often Prometheus would have compacted it.
	level int
}

// blockRanges divides a history as Prometheus does that has kept it for long: the largest blocks first, so that it
// finds nothing to compact. It makes blocks of 2 h, joins three at a time, and stops below 31 days.
func blockRanges(start, end int64) []blockRange {
	var ranges []blockRange
	for from := start; from <= end; {
		next := blockRange{from: from, to: end + 1, level: 1}
		length := 2 * hourMs
		for level := 1; length <= 31*dayMs; level++ {
			if to := from - from%length + length; to <= end {
				next.to, next.level = to, level
			}
			length *= 3
		}
		if next.to == end {
			// The very last instant is not worth a block.
			next.to = end + 1
		}
		ranges = append(ranges, next)
		from = next.to
	}
	return ranges
}
