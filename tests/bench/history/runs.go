package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
)

// symbols numbers the texts of one day's labels, so that equal texts are stored and compared once.
type symbols struct {
	numbers map[string]uint32
	texts   []string
}

func newSymbols() *symbols { return &symbols{numbers: map[string]uint32{}} }

func (s *symbols) intern(text string) uint32 {
	number, known := s.numbers[text]
	if !known {
		number = uint32(len(s.texts))
		s.numbers[text] = number
		s.texts = append(s.texts, text)
	}
	return number
}

func (s *symbols) internAll(labels []label) []symbol {
	set := make([]symbol, len(labels))
	for i, l := range labels {
		set[i] = symbol{s.intern(l.name), s.intern(l.value)}
	}
	return set
}

// compare orders label sets as Prometheus does.
func (s *symbols) compare(a, b []symbol) int {
	for i := range min(len(a), len(b)) {
		if a[i].name != b[i].name {
			return strings.Compare(s.texts[a[i].name], s.texts[b[i].name])
		}
		if a[i].value != b[i].value {
			return strings.Compare(s.texts[a[i].value], s.texts[b[i].value])
		}
	}
	return len(a) - len(b)
}

// run is a file with series in order.
type run struct {
	file string
	// texts by number; those that no series of the run uses are empty.
	texts []string
}

func writeRun(directory string, table *symbols, entries []entry) (*run, error) {
	slices.SortFunc(entries, func(a, b entry) int { return table.compare(a.labels, b.labels) })
	file, err := os.CreateTemp(directory, "run")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	written := &run{file.Name(), make([]string, len(table.texts))}
	out := bufio.NewWriterSize(file, 1<<20)
	var buffer []byte
	for _, e := range entries {
		buffer = e.appendTo(buffer[:0])
		if _, err := out.Write(buffer); err != nil {
			return nil, err
		}
		for _, l := range e.labels {
			written.texts[l.name], written.texts[l.value] = table.texts[l.name], table.texts[l.value]
		}
	}
	return written, out.Flush()
}

func (e entry) appendTo(buffer []byte) []byte {
	buffer = binary.AppendUvarint(buffer, uint64(len(e.labels)))
	for _, l := range e.labels {
		buffer = binary.AppendUvarint(buffer, uint64(l.name))
		buffer = binary.AppendUvarint(buffer, uint64(l.value))
	}
	buffer = binary.AppendUvarint(buffer, uint64(len(e.chunks)))
	for _, c := range e.chunks {
		buffer = binary.AppendUvarint(buffer, uint64(c.from))
		buffer = binary.AppendUvarint(buffer, uint64(c.to-c.from))
		buffer = binary.AppendUvarint(buffer, uint64(len(c.data)))
		buffer = append(buffer, c.data...)
	}
	return buffer
}

// cursor reads a run, series by series.
type cursor struct {
	run     *run
	file    *os.File
	in      *bufio.Reader
	builder labels.ScratchBuilder
	err     error
	// labels and chunks are those of the current series.
	labels labels.Labels
	chunks []chunk
}

func openCursor(r *run) (*cursor, error) {
	file, err := os.Open(r.file)
	if err != nil {
		return nil, err
	}
	return &cursor{run: r, file: file, in: bufio.NewReaderSize(file, 1<<18)}, nil
}

// close removes the file too: each run is read once.
func (c *cursor) close() {
	c.file.Close()
	os.Remove(c.run.file)
}

// next goes to the next series; false at the end.
func (c *cursor) next() (bool, error) {
	count, err := binary.ReadUvarint(c.in)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	c.err = err
	c.builder.Reset()
	for range count {
		name, value := c.number(), c.number()
		if c.err != nil {
			return false, c.err
		}
		c.builder.Add(c.run.texts[name], c.run.texts[value])
	}
	c.labels = c.builder.Labels()
	c.chunks = make([]chunk, c.number())
	for i := range c.chunks {
		c.chunks[i] = c.chunk()
	}
	return c.err == nil, c.err
}

func (c *cursor) chunk() chunk {
	from, length, bytes := c.number(), c.number(), c.number()
	if c.err != nil {
		return chunk{}
	}
	data := make([]byte, bytes)
	_, c.err = io.ReadFull(c.in, data)
	return chunk{int64(from), int64(from + length), data}
}

// number is 0 after an error.
func (c *cursor) number() uint64 {
	if c.err != nil {
		return 0
	}
	number, err := binary.ReadUvarint(c.in)
	c.err = err
	return number
}
