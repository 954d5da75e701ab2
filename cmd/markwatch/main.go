// Command markwatch watches Certificate Transparency logs for mark
// certificates (VMC and CMC, after the Minimum Security Requirements for
// Issuance of Mark Certificates), keeps what they say in ClickHouse, and
// answers questions about it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v2"
)

// version is set by the build.
var version = "dev"

// Exit codes, a contract with whatever calls markwatch.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitHits   = 3 // with --fail-on hits, when there are some
)

// usageError is a call that can't be understood, as against one that failed.
type usageError struct{ err error }

// Error says what of the call is not understood.
func (e usageError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// errReported ends a command that has already said what failed.
var errReported = errors.New("reported")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends it at once
	// A reader of our output who goes away is an error of writing to it, and not the end at once with the store open.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	code := run(ctx, os.Args, streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// streams are where a command reads and writes. Data goes to out; progress,
// logs and errors go to err.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run is markwatch with these arguments; it returns the exit code.
func run(ctx context.Context, args []string, std streams) int {
	return (&program{streams: std}).run(ctx, args)
}

func (p *program) run(ctx context.Context, args []string) int {
	app, std := p.app(), p.streams
	args, err := flagsFirst(app, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errReported):
		return exitFailed
	case errors.Is(err, errHits):
		return exitHits
	case errors.Is(err, syscall.EPIPE):
		return exitDone // who read our output has seen enough
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(std.err, "markwatch: interrupted")
		return exitFailed
	}
	fmt.Fprintf(std.err, "markwatch: %v\n", err)
	var usage usageError
	if errors.As(err, &usage) || errors.As(err, new(cli.ExitCoder)) { // the library's, of help for what there isn't
		fmt.Fprintln(std.err, "See markwatch --help.")
		return exitUsage
	}
	return exitFailed
}

// newApp puts the commands together.
func newApp(std streams) *cli.App { return (&program{streams: std}).app() }

func (p *program) app() *cli.App {
	std := p.streams
	onUsageError := func(_ *cli.Context, err error, _ bool) error { return usageError{err} }
	app := &cli.App{
		Name:                      "markwatch",
		Usage:                     "watch Certificate Transparency logs for mark certificates (VMC, CMC)",
		Version:                   version,
		HideVersion:               false,
		Reader:                    std.in,
		Writer:                    std.out,
		ErrWriter:                 std.err,
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              onUsageError,
		Before:                    p.setUp,
		CommandNotFound:           nil,
		Action:                    unknownCommand,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "config", Usage: "read the configuration from `FILE` (default: markwatch.yaml here, if there is one)"},
			&cli.StringFlag{Name: "store", Usage: "keep data in `DSN`: a directory, or http(s)://user:password@host:port/database of a ClickHouse server"},
			&cli.StringFlag{Name: "cluster", Usage: "make tables on this `CLUSTER` of the ClickHouse server"},
			&cli.StringFlag{Name: "log-level", Value: "info", Usage: "log from this `LEVEL` on: debug, info, warn, error"},
			&cli.StringFlag{Name: "log-format", Value: "text", Usage: "log as `FORMAT`: text or json"},
		},
		Commands: []*cli.Command{
			watchCommand(p), logsCommand(p), verifyCommand(p), parseCommand(p), svgCommand(p), queryCommand(p),
			matchCommand(p), untwistCommand(p), watchlistCommand(p), alertsCommand(p), evidenceCommand(p), exportCommand(p), logosCommand(p), demoCommand(p), doctorCommand(p),
		},
	}
	for _, c := range allCommands(app.Commands) {
		c.OnUsageError = onUsageError
	}
	return app
}

func allCommands(commands []*cli.Command) []*cli.Command {
	var all []*cli.Command
	for _, c := range commands {
		all = append(all, c)
		all = append(all, allCommands(c.Subcommands)...)
	}
	return all
}

func unknownCommand(c *cli.Context) error {
	if c.NArg() == 0 {
		return cli.ShowAppHelp(c)
	}
	return usagef("there is no command %q", c.Args().First())
}
