package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestLoadConfig(t *testing.T) {
	standard := config{port: ${{ values.port }}, logLevel: slog.LevelInfo, shutdownTimeout: 20 * time.Second}
	tests := map[string]struct {
		environment map[string]string
		want        config
		problems    []string
	}{
		"nothing set": {want: standard},
		"everything set": {
			environment: map[string]string{
				"PORT": "9000", "LOG_LEVEL": "debug", "DRAIN_DELAY": "5s", "SHUTDOWN_TIMEOUT": "1m",
			},
			want: config{9000, slog.LevelDebug, 5 * time.Second, time.Minute},
		},
		"every fault is named": {
			environment: map[string]string{
				"PORT": "70000", "LOG_LEVEL": "loud", "DRAIN_DELAY": "-1s", "SHUTDOWN_TIMEOUT": "soon",
			},
			problems: []string{`PORT="70000"`, `LOG_LEVEL="loud"`, `DRAIN_DELAY="-1s"`, `SHUTDOWN_TIMEOUT="soon"`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := loadConfig(func(key string) string { return test.environment[key] })
			if test.problems == nil {
				if err != nil || got != test.want {
					t.Fatalf("got %+v, %v; want %+v", got, err, test.want)
				}
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			for _, problem := range test.problems {
				if !strings.Contains(err.Error(), problem) {
					t.Errorf("%q does not name %s", err, problem)
				}
			}
		})
	}
}
