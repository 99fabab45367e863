package main

import (
	"container/heap"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/oklog/ulid/v2"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/tsdb/index"
)

// blockMeta is a block's meta.json, as tsdb.BlockMeta writes it. That package would bring in all of Prometheus.
type blockMeta struct {
	ULID       ulid.ULID  `json:"ulid"`
	MinTime    int64      `json:"minTime"`
	MaxTime    int64      `json:"maxTime"`
	Stats      blockStats `json:"stats"`
	Compaction compaction `json:"compaction"`
	Version    int        `json:"version"`
}

type blockStats struct {
	NumSamples      int64 `json:"numSamples"`
	NumFloatSamples int64 `json:"numFloatSamples"`
	NumSeries       int64 `json:"numSeries"`
	NumChunks       int64 `json:"numChunks"`
}

type compaction struct {
	Level   int         `json:"level"`
	Sources []ulid.ULID `json:"sources"`
}

func newULID(ms int64, entropy io.Reader) ulid.ULID {
	return ulid.MustNew(uint64(ms), entropy)
}

// mergeBlock writes a block from its runs. It is in its place only when it is whole.
func mergeBlock(directory string, id ulid.ULID, b *block) (size, error) {
	unfinished := filepath.Join(directory, id.String()+".tmp-for-creation")
	written, err := writeBlock(unfinished, id, b)
	if err != nil {
		return size{}, err
	}
	return written, os.Rename(unfinished, filepath.Join(directory, id.String()))
}

func writeBlock(directory string, id ulid.ULID, b *block) (size, error) {
	if err := os.MkdirAll(directory, 0o777); err != nil {
		return size{}, err
	}
	written := size{Blocks: 1}
	samples, err := writeSeries(directory, b.runs, &written)
	if err != nil {
		return size{}, err
	}
	return written, writeJSON(filepath.Join(directory, "meta.json"), blockMeta{
		ULID: id, MinTime: b.from, MaxTime: b.to, Version: 1,
		Stats:      blockStats{NumSamples: samples, NumFloatSamples: samples, NumSeries: written.Series, NumChunks: written.Chunks},
		Compaction: compaction{b.level, []ulid.ULID{id}},
	})
}

// writeSeries writes chunks and index, and counts.
func writeSeries(directory string, runs []*run, written *size) (samples int64, err error) {
	chunkWriter, err := chunks.NewWriter(filepath.Join(directory, "chunks"))
	if err != nil {
		return 0, err
	}
	indexWriter, err := index.NewWriter(context.Background(), filepath.Join(directory, "index"))
	if err != nil {
		return 0, err
	}
	for _, text := range allTexts(runs) {
		if err := indexWriter.AddSymbol(text); err != nil {
			return 0, err
		}
	}
	err = mergeRuns(runs, func(set labels.Labels, parts []chunk) error {
		metas, count, err := chunkMetas(parts)
		if err != nil {
			return err
		}
		if err := chunkWriter.WriteChunks(metas...); err != nil {
			return err
		}
		samples += count
		written.Chunks += int64(len(metas))
		written.Series++
		return indexWriter.AddSeries(storage.SeriesRef(written.Series), set, metas...)
	})
	if err != nil {
		return 0, err
	}
	if err := chunkWriter.Close(); err != nil {
		return 0, err
	}
	return samples, indexWriter.Close()
}

func allTexts(runs []*run) []string {
	known := map[string]struct{}{}
	for _, r := range runs {
		for _, text := range r.texts {
			known[text] = struct{}{}
		}
	}
	delete(known, "")
	all := make([]string, 0, len(known))
	for text := range known {
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

func chunkMetas(parts []chunk) (metas []chunks.Meta, samples int64, err error) {
	metas = make([]chunks.Meta, len(parts))
	for i, part := range parts {
		data, err := chunkenc.FromData(chunkenc.EncXOR, part.data)
		if err != nil {
			return nil, 0, err
		}
		metas[i] = chunks.Meta{Chunk: data, MinTime: part.from, MaxTime: part.to}
		samples += int64(data.NumSamples())
	}
	return metas, samples, nil
}

// mergeRuns gives each series once, in order. Runs are of successive days, so that chunks come in order of time.
func mergeRuns(runs []*run, use func(set labels.Labels, parts []chunk) error) error {
	var waiting cursors
	for day, r := range runs {
		c, err := openCursor(r)
		if err != nil {
			return err
		}
		defer c.close()
		if found, err := c.next(); err != nil {
			return err
		} else if found {
			waiting = append(waiting, dayCursor{c, day})
		}
	}
	heap.Init(&waiting)
	for len(waiting) > 0 {
		set, parts, err := waiting.take()
		if err != nil {
			return err
		}
		if err := use(set, parts); err != nil {
			return err
		}
	}
	return nil
}

// dayCursor is the cursor of one day's run.
type dayCursor struct {
	*cursor
	day int
}

// cursors is a heap: the least labels first, the earlier day first among equals.
type cursors []dayCursor

func (c cursors) Len() int      { return len(c) }
func (c cursors) Swap(i, j int) { c[i], c[j] = c[j], c[i] }
func (c cursors) Less(i, j int) bool {
	order := labels.Compare(c[i].labels, c[j].labels)
	return order < 0 || order == 0 && c[i].day < c[j].day
}
func (c *cursors) Push(x any) { *c = append(*c, x.(dayCursor)) }
func (c *cursors) Pop() any {
	last := len(*c) - 1
	x := (*c)[last]
	*c = (*c)[:last]
	return x
}

// take removes the next series, with its chunks of all days.
func (c *cursors) take() (set labels.Labels, parts []chunk, err error) {
	set = (*c)[0].labels
	for len(*c) > 0 && labels.Equal((*c)[0].labels, set) {
		parts = append(parts, (*c)[0].chunks...)
		found, err := (*c)[0].next()
		if err != nil {
			return set, nil, err
		}
		if found {
			heap.Fix(c, 0)
		} else {
			heap.Pop(c)
		}
	}
	return set, parts, nil
}
