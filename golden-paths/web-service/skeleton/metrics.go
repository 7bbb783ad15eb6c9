package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Upper bounds in seconds.
var buckets = [...]float64{0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5}

// metrics is one histogram of answered requests, served in the Prometheus text format.
type metrics struct {
	mu     sync.Mutex
	series map[labels]histogram
}

type labels struct {
	route  string
	status int
}

type histogram struct {
	// within counts the answers up to each bound, so it is cumulative already.
	within [len(buckets)]uint64
	count  uint64
	sum    float64
}

func newMetrics() *metrics {
	return &metrics{series: map[labels]histogram{}}
}

func (m *metrics) observe(route string, status int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := labels{route, status}
	h := m.series[key]
	for i, bound := range buckets {
		if took.Seconds() <= bound {
			h.within[i]++
		}
	}
	h.count++
	h.sum += took.Seconds()
	m.series[key] = h
}

func (m *metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	m.write(w)
}

func (m *metrics) write(w io.Writer) {
	m.mu.Lock()
	series := maps.Clone(m.series)
	m.mu.Unlock()

	const name = "http_request_duration_seconds"
	fmt.Fprintf(w, "# HELP %s Time from the request's header to the end of the answer.\n# TYPE %s histogram\n", name, name)
	sorted := slices.SortedFunc(maps.Keys(series), func(a, b labels) int {
		return cmp.Or(cmp.Compare(a.route, b.route), cmp.Compare(a.status, b.status))
	})
	for _, key := range sorted {
		h := series[key]
		of := fmt.Sprintf(`route=%q,status="%d"`, key.route, key.status)
		for i, bound := range buckets {
			fmt.Fprintf(w, "%s_bucket{%s,le=\"%g\"} %d\n", name, of, bound, h.within[i])
		}
		fmt.Fprintf(w, "%s_bucket{%s,le=\"+Inf\"} %d\n", name, of, h.count)
		fmt.Fprintf(w, "%s_sum{%s} %g\n%s_count{%s} %d\n", name, of, h.sum, name, of, h.count)
	}
}
