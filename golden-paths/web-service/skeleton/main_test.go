package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"
)

// A replica that is told to stop answers that it is not ready before it closes its door.
func TestDrain(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ready := "http://" + listener.Addr().String() + "/readyz"
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	config := config{drainDelay: time.Second, shutdownTimeout: 5 * time.Second}
	go func() { ended <- serve(ctx, listener, config, slog.New(slog.DiscardHandler)) }()

	waitFor(t, ready, http.StatusOK)
	stop()
	waitFor(t, ready, http.StatusServiceUnavailable)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if answer, err := http.Get(ready); err == nil {
		answer.Body.Close()
		t.Fatal("it still answers")
	}
}

func TestFaultyConfigEndsTheProcess(t *testing.T) {
	err := run(t.Context(), func(string) string { return "?" }, t.Output())
	if err == nil {
		t.Fatal("no error")
	}
}

func waitFor(t *testing.T, url string, status int) {
	t.Helper()
	got := 0
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if answer, err := http.Get(url); err == nil {
			answer.Body.Close()
			if got = answer.StatusCode; got == status {
				return
			}
		}
	}
	t.Fatalf("%s answers %d, not %d", url, got, status)
}
