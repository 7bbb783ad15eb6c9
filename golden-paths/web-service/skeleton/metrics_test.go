package main

import (
	"strings"
	"testing"
	"time"
)

func TestMetricsText(t *testing.T) {
	metrics := newMetrics()
	metrics.observe("GET /v1", 200, 100*time.Millisecond)
	metrics.observe("GET /v1", 200, 10*time.Second)
	metrics.observe("GET /v1", 404, time.Millisecond)
	var text strings.Builder
	metrics.write(&text)
	for _, line := range []string{
		"# TYPE http_request_duration_seconds histogram",
		`http_request_duration_seconds_bucket{route="GET /v1",status="200",le="0.025"} 0`,
		`http_request_duration_seconds_bucket{route="GET /v1",status="200",le="0.1"} 1`,
		`http_request_duration_seconds_bucket{route="GET /v1",status="200",le="5"} 1`,
		`http_request_duration_seconds_bucket{route="GET /v1",status="200",le="+Inf"} 2`,
		`http_request_duration_seconds_sum{route="GET /v1",status="200"} 10.1`,
		`http_request_duration_seconds_count{route="GET /v1",status="404"} 1`,
	} {
		if !strings.Contains(text.String(), line+"\n") {
			t.Errorf("no line %s in\n%s", line, &text)
		}
	}
}
