package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRoutes(t *testing.T) {
	tests := map[string]struct {
		method, path string
		notReady     bool
		status       int
		kind         string
		body         string
	}{
		"alive":                    {path: "/healthz", status: 200, kind: "application/json", body: `"alive"`},
		"alive while not ready":    {path: "/healthz", notReady: true, status: 200, kind: "application/json", body: `"alive"`},
		"ready":                    {path: "/readyz", status: 200, kind: "application/json", body: `"ready"`},
		"not ready":                {path: "/readyz", notReady: true, status: 503, kind: "application/problem+json", body: "not taking"},
		"a greeting":               {path: "/v1/greetings/Ada", status: 200, kind: "application/json", body: `"Hello, Ada."`},
		"a name in another script": {path: "/v1/greetings/%E6%84%9B", status: 200, kind: "application/json", body: `"Hello, 愛."`},
		"the longest name":         {path: "/v1/greetings/" + strings.Repeat("a", 64), status: 200, kind: "application/json"},
		"a name that is too long":  {path: "/v1/greetings/" + strings.Repeat("a", 65), status: 400, kind: "application/problem+json", body: "1 to 64"},
		"a blank name":             {path: "/v1/greetings/%20", status: 400, kind: "application/problem+json", body: "1 to 64"},
		"another method":           {method: "POST", path: "/v1/greetings/Ada", status: 405, kind: "text/plain; charset=utf-8"},
		"another path":             {path: "/v2", status: 404, kind: "text/plain; charset=utf-8"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			service := newService(slog.New(slog.DiscardHandler))
			service.ready.Store(!test.notReady)
			method := test.method
			if method == "" {
				method = http.MethodGet
			}
			answer := httptest.NewRecorder()
			service.handler().ServeHTTP(answer, httptest.NewRequest(method, test.path, nil))
			if answer.Code != test.status {
				t.Errorf("status %d, want %d", answer.Code, test.status)
			}
			if kind := answer.Header().Get("Content-Type"); kind != test.kind {
				t.Errorf("content type %q, want %q", kind, test.kind)
			}
			if !strings.Contains(answer.Body.String(), test.body) {
				t.Errorf("body %q lacks %q", answer.Body, test.body)
			}
		})
	}
}

func TestPanicIsAnsweredAndCounted(t *testing.T) {
	service := newService(slog.New(slog.DiscardHandler))
	routes := http.NewServeMux()
	routes.HandleFunc("GET /broken", func(http.ResponseWriter, *http.Request) { panic("broken") })
	answer := httptest.NewRecorder()
	service.observe(routes).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/broken", nil))
	if answer.Code != http.StatusInternalServerError || strings.Contains(answer.Body.String(), "broken") {
		t.Errorf("got %d %q", answer.Code, answer.Body)
	}
	if count := service.metrics.series[labels{"GET /broken", 500}].count; count != 1 {
		t.Errorf("counted %d times", count)
	}
}
