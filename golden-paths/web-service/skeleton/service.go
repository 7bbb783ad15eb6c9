package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

const longestName = 64

type service struct {
	log     *slog.Logger
	metrics *metrics
	// ready is true while new requests are welcome.
	ready atomic.Bool
}

func newService(log *slog.Logger) *service {
	return &service{log: log, metrics: newMetrics()}
}

func (s *service) handler() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /healthz", s.healthz)
	routes.HandleFunc("GET /readyz", s.readyz)
	routes.Handle("GET /metrics", s.metrics)
	routes.HandleFunc("GET /v1/greetings/{name}", s.greet)
	return s.observe(routes)
}

// healthz says that the process can answer. It asks nobody else: a restart does not mend another system.
func (s *service) healthz(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "alive"})
}

// readyz says whether requests should come here. Ask here for what no request can do without.
func (s *service) readyz(w http.ResponseWriter, _ *http.Request) {
	if !s.ready.Load() {
		writeProblem(w, http.StatusServiceUnavailable, "This replica is not taking new requests.")
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
}

// greet is the example to replace.
func (s *service) greet(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimSpace(r.PathValue("name"))
	if name == "" || utf8.RuneCountInString(name) > longestName {
		writeProblem(w, http.StatusBadRequest, "Give a name of 1 to 64 characters.")
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"message": "Hello, " + name + "."})
}

// observe logs and measures every request, and turns a panic into a 500.
func (s *service) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		answer := &recorder{ResponseWriter: w}
		defer func() {
			if cause := recover(); cause != nil {
				if cause == http.ErrAbortHandler {
					panic(cause)
				}
				s.log.Error("panic", "cause", cause, "stack", string(debug.Stack()))
				if answer.status == 0 {
					writeProblem(answer, http.StatusInternalServerError, "Something went wrong here. Try again later.")
				}
			}
			s.record(r, answer.status, time.Since(started))
		}()
		next.ServeHTTP(answer, r)
	})
}

func (s *service) record(r *http.Request, status int, took time.Duration) {
	// The pattern, never the path: clients choose paths, and each new one would be a series of its own.
	route := r.Pattern
	level := slog.LevelInfo
	switch route {
	case "":
		route = "unmatched"
	case "GET /healthz", "GET /readyz", "GET /metrics":
		level = slog.LevelDebug
	}
	s.metrics.observe(route, status, took)
	s.log.Log(r.Context(), level, "request",
		"method", r.Method, "path", r.URL.Path, "route", route, "status", status, "duration", took.String())
}

// recorder remembers the status of the answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(body []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(body)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func writeJSON(w http.ResponseWriter, status int, body any) {
	write(w, "application/json", status, body)
}

// writeProblem answers as RFC 9457 has it. The detail is for people and says what to do.
func writeProblem(w http.ResponseWriter, status int, detail string) {
	write(w, "application/problem+json", status,
		map[string]any{"title": http.StatusText(status), "status": status, "detail": detail})
}

func write(w http.ResponseWriter, kind string, status int, body any) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	// A client that has gone away is not our error.
	_ = json.NewEncoder(w).Encode(body)
}
