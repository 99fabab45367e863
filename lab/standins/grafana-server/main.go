// A stand-in for Grafana's server, for machines that can neither pull its image nor build it. It answers as much of
// the HTTP API as this project's Pulumi program uses, and says in its log, in a header and on its page what it is.
package main

import (
	"cmp"
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

const announcement = "STAND-IN for Grafana's server: stores folders, who sees them, data sources, dashboards and alerting, shows and evaluates none of them"

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC)
	log.SetOutput(os.Stdout)
	log.Print(announcement)
	// The first process of a container gets no default signal handling, so SIGTERM must be caught from the start.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends. Connections are refused for the first STANDIN_START_DELAY seconds, as on a real first start.
func run(ctx context.Context) error {
	delay, err := strconv.ParseFloat(setting("STANDIN_START_DELAY", "0"), 64)
	if err != nil {
		return errors.New("STANDIN_START_DELAY: expected seconds, such as 20; found " + os.Getenv("STANDIN_START_DELAY"))
	}
	credentials := admin{User: setting("GF_SECURITY_ADMIN_USER", "admin")}
	credentials.setPassword(setting("GF_SECURITY_ADMIN_PASSWORD", "admin"))
	database, err := openStore(setting("GF_PATHS_DATA", "/var/lib/grafana"), credentials)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case <-time.After(time.Duration(delay * float64(time.Second))):
	}
	address := net.JoinHostPort(os.Getenv("GF_SERVER_HTTP_ADDR"), setting("GF_SERVER_HTTP_PORT", "3000"))
	server := &http.Server{Addr: address, Handler: handler(database), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	log.Printf("HTTP Server Listen address=%s", address)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		finish, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return server.Shutdown(finish)
	}
}

func setting(name, otherwise string) string {
	return cmp.Or(os.Getenv(name), otherwise)
}
