// Command ${{ values.name }} answers HTTP requests. What it reads from the environment stands in config.go.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// version is the commit that was built; the Containerfile sets it.
var version = "unreleased"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the next one ends the process at once.
	context.AfterFunc(ctx, stop)
	if err := run(ctx, os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, getenv func(string) string, logs io.Writer) error {
	config, err := loadConfig(getenv)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(logs, &slog.HandlerOptions{Level: config.logLevel}))
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", config.port))
	if err != nil {
		return fmt.Errorf("PORT: %w", err)
	}
	return serve(ctx, listener, config, log)
}

// serve answers requests until ctx ends. Then it says that it is not ready, keeps answering for the drain delay,
// because routers learn of it a little later, and lets the requests under way finish.
func serve(ctx context.Context, listener net.Listener, config config, log *slog.Logger) error {
	service := newService(log)
	server := &http.Server{
		Handler:           service.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	service.ready.Store(true)
	log.Info("serving", "address", listener.Addr().String(), "version", version)

	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}

	service.ready.Store(false)
	log.Info("draining", "delay", config.drainDelay.String())
	time.Sleep(config.drainDelay)
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), config.shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(finish); err != nil {
		return fmt.Errorf("requests were cut off after %s: %w", config.shutdownTimeout, err)
	}
	log.Info("stopped")
	return nil
}
