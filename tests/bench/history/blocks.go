package main

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"

	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// chunkLength: Prometheus' head begins a new chunk at multiples of its smallest block, and compaction keeps chunks.
const chunkLength = 2 * hourMs

// size is how much has been written.
type size struct {
	// Series of each block: one that lives in two blocks counts twice.
	Series  int64 `json:"series"`
	Chunks  int64 `json:"chunks"`
	Samples int64 `json:"samples"`
	Blocks  int64 `json:"blocks"`
}

func (s *size) add(other size) {
	s.Series += other.Series
	s.Chunks += other.Chunks
	s.Samples += other.Samples
	s.Blocks += other.Blocks
}

// blockWriter sorts each day's series into runs, one file for each block that the day touches, and merges a block's
// runs when no more can come. Merging goes on in the background.
type blockWriter struct {
	directory string
	temporary string
	entropy   *rand.ChaCha8
	open      []*block
	table     *symbols
	written   size
	merging   chan mergeResult
}

// block is not yet merged.
type block struct {
	blockRange
	// day holds the series of the current day.
	day  []entry
	runs []*run
}

// entry is a series of one day and block.
type entry struct {
	labels []symbol
	chunks []chunk
}

type symbol struct{ name, value uint32 }

type chunk struct {
	from, to int64
	data     []byte
}

type mergeResult struct {
	size size
	err  error
}

func newBlockWriter(directory string, start, end int64, seed uint64) *blockWriter {
	w := &blockWriter{
		directory: directory,
		temporary: filepath.Join(directory, "runs.tmp"),
		table:     newSymbols(),
	}
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	w.entropy = rand.NewChaCha8(key)
	for _, one := range blockRanges(start, end) {
		w.open = append(w.open, &block{blockRange: one})
	}
	return w
}

// add stores the samples of one series. They are in order, and none is after the limit of the current day's end or
// before the last one's.
func (w *blockWriter) add(labels []label, samples []sample, scale float64) {
	set := w.table.internAll(labels)
	for len(samples) > 0 {
		b := w.blockOf(samples[0].time)
		e := entry{labels: set}
		for len(samples) > 0 && samples[0].time < b.to {
			end := min(samples[0].time-samples[0].time%chunkLength+chunkLength, b.to)
			count := sort.Search(len(samples), func(i int) bool { return samples[i].time >= end })
			e.chunks = append(e.chunks, encode(samples[:count], scale))
			w.written.Samples += int64(count)
			samples = samples[count:]
		}
		b.day = append(b.day, e)
	}
}

func (w *blockWriter) blockOf(time int64) *block {
	i := sort.Search(len(w.open), func(i int) bool { return time < w.open[i].to })
	return w.open[i]
}

// encode makes a chunk as Prometheus' head does. Two hours of minutes fill at most 120 samples.
func encode(samples []sample, scale float64) chunk {
	encoded := chunkenc.NewXORChunk()
	appender, err := encoded.Appender()
	if err != nil {
		// Only a chunk that was read from somewhere can be malformed.
		panic(err)
	}
	for _, s := range samples {
		appender.Append(0, s.time, s.stored(scale))
	}
	return chunk{samples[0].time, samples[len(samples)-1].time, encoded.Bytes()}
}

// endDay writes the day's runs, and starts to merge the blocks that end before limit.
func (w *blockWriter) endDay(limit int64) error {
	if err := os.MkdirAll(w.temporary, 0o777); err != nil {
		return err
	}
	for _, b := range w.open {
		if len(b.day) == 0 {
			continue
		}
		written, err := writeRun(w.temporary, w.table, b.day)
		if err != nil {
			return err
		}
		b.runs, b.day = append(b.runs, written), nil
	}
	w.table = newSymbols()
	for len(w.open) > 0 && w.open[0].to <= limit {
		if err := w.merge(w.open[0]); err != nil {
			return err
		}
		w.open = w.open[1:]
	}
	return nil
}

// merge starts when the block before is done: one at a time is enough to keep up.
func (w *blockWriter) merge(b *block) error {
	if err := w.merged(); err != nil || len(b.runs) == 0 {
		return err
	}
	id := newULID(b.to, w.entropy)
	w.merging = make(chan mergeResult, 1)
	go func(result chan<- mergeResult) {
		written, err := mergeBlock(w.directory, id, b)
		result <- mergeResult{written, err}
	}(w.merging)
	return nil
}

// merged waits for the merge that goes on, if any.
func (w *blockWriter) merged() error {
	if w.merging == nil {
		return nil
	}
	result := <-w.merging
	w.merging = nil
	w.written.add(result.size)
	return result.err
}

// finish waits for the last block.
func (w *blockWriter) finish() error {
	return w.merged()
}

// abandon removes what is temporary.
func (w *blockWriter) abandon() {
	os.RemoveAll(w.temporary)
}
