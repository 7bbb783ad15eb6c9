package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"
)

// config is everything that differs between environments.
type config struct {
	port            int           // PORT
	logLevel        slog.Level    // LOG_LEVEL: debug, info, warn or error
	drainDelay      time.Duration // DRAIN_DELAY: how long to go on answering after the signal to stop
	shutdownTimeout time.Duration // SHUTDOWN_TIMEOUT: how long requests under way may take after that
}

// loadConfig reports every variable that is at fault, not only the first.
func loadConfig(getenv func(string) string) (config, error) {
	config := config{port: ${{ values.port }}, shutdownTimeout: 20 * time.Second}
	var problems []error
	read := func(name, wanted string, parse func(string) error) {
		value := getenv(name)
		if value == "" {
			return
		}
		if err := parse(value); err != nil {
			problems = append(problems, fmt.Errorf("%s=%q: give %s", name, value, wanted))
		}
	}

	read("PORT", "a whole number from 0 to 65535", func(value string) error {
		port, err := strconv.ParseUint(value, 10, 16)
		config.port = int(port)
		return err
	})
	read("LOG_LEVEL", "debug, info, warn or error", func(value string) error {
		return config.logLevel.UnmarshalText([]byte(value))
	})
	read("DRAIN_DELAY", "a duration such as 5s", duration(&config.drainDelay))
	read("SHUTDOWN_TIMEOUT", "a duration such as 20s", duration(&config.shutdownTimeout))
	return config, errors.Join(problems...)
}

func duration(target *time.Duration) func(string) error {
	return func(value string) error {
		parsed, err := time.ParseDuration(value)
		if err == nil && parsed < 0 {
			err = errors.New("negative")
		}
		*target = parsed
		return err
	}
}
