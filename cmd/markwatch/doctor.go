package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/scanner"
	"markwatch/store"
)

func doctorCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:  "doctor",
		Usage: "check configuration, engine, store and logs, and say how to mend each",
		Description: `Examples:
  markwatch doctor
  markwatch doctor --json
  markwatch --store http://localhost:8123/markwatch doctor`,
		Flags:  []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line"}},
		Action: p.doctor,
	}
}

// checkup is one thing that doctor looked at.
type checkup struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

func (p *program) doctor(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("doctor takes no arguments, but there is %q", c.Args().First())
	}
	checks := []checkup{p.checkConfig(c)}
	if checks[0].OK {
		checks = append(checks, p.checkStore(c.Context)...)
		checks = append(checks, p.checkLogs(c.Context)...)
		checks = append(checks, p.checkLogList(c.Context)...)
		checks = append(checks, p.checkChannels(c.Context)...)
	}
	if err := p.printCheckups(checks, c.Bool("json")); err != nil {
		return err
	}
	for _, check := range checks {
		if !check.OK {
			return errReported
		}
	}
	return nil
}

func (p *program) checkConfig(c *cli.Context) checkup {
	if err := p.configure(c); err != nil {
		return checkup{"configuration", false, err.Error(), "correct it; docs/configuration.md lists all keys"}
	}
	if p.config.path == "" {
		return checkup{"configuration", true, "none: the defaults are used", ""}
	}
	path, err := filepath.Abs(p.config.path)
	if err != nil {
		path = p.config.path
	}
	return checkup{"configuration", true, path, ""}
}

// checkChannels looks at each channel without sending anything: whether its
// configuration can be used, and whether it takes what waits for it.
func (p *program) checkChannels(ctx context.Context) []checkup {
	const remedy = "correct it under alert in the configuration: docs/channels.md says how; markwatch alerts test sends a message"
	st, err := p.openStore(ctx)
	if err != nil {
		return nil // said of the store
	}
	defer st.Close()
	d, _, err := p.dispatcher(st, p.log, nil)
	if err != nil {
		return []checkup{{"channels", false, err.Error(), remedy}}
	}
	if len(d.Channels) == 0 {
		return []checkup{{"channels", true, "none: nobody is told of hits", ""}}
	}
	shown, err := channelsShown(ctx, st, d)
	if err != nil {
		return []checkup{{"channels", false, err.Error(), "see what is wrong with the store"}}
	}
	var checks []checkup
	for _, s := range shown {
		what := fmt.Sprintf("%s, %d waiting, %d given up", s.State, s.Waiting, s.Dead)
		checks = append(checks, checkup{"channel " + s.Channel, s.State == "ok" && s.Dead == 0, what, remedy})
	}
	return checks
}

func (p *program) checkStore(ctx context.Context) []checkup {
	st, err := p.openStore(ctx)
	if err != nil {
		return []checkup{{"store", false, err.Error(), storeRemedy(err)}}
	}
	defer st.Close()
	version, err := st.Conn().ServerVersion()
	if err != nil {
		return []checkup{{"store", false, err.Error(), "see whether the server runs and its address is right"}}
	}
	where := st.Location()
	switch {
	case st.Shared():
		where += ", through the markwatch that has it open"
	case st.Dir() != "":
		where += ", embedded"
	}
	checks := []checkup{{"store", true, fmt.Sprintf("%s, ClickHouse %d.%d.%d", where, version.Version.Major, version.Version.Minor, version.Version.Patch), ""}}
	if st.Dir() != "" {
		checks = append(checks, checkDisk(st.Dir()))
	}
	return checks
}

func storeRemedy(err error) string {
	var schema *store.SchemaError
	switch {
	case errors.As(err, &schema):
		return "use the newest markwatch that wrote this store"
	case errors.Is(err, os.ErrPermission):
		return "give yourself the directory, or name another with --store"
	}
	return "make engine installs the embedded engine; --store http://host:8123/markwatch uses a server"
}

// minFree is the space below which doctor warns: some weeks of a mark log, and
// room for the engine to merge.
const minFree = 1 << 30

func checkDisk(dir string) checkup {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return checkup{"disk", false, err.Error(), "see whether the store's disk is mounted"}
	}
	free := fs.Bavail * uint64(fs.Bsize)
	detail := fmt.Sprintf("%.1f GB free for %s", float64(free)/1e9, dir)
	if free < minFree {
		return checkup{"disk", false, detail, "free some space, or move the store to another disk"}
	}
	return checkup{"disk", true, detail, ""}
}

// checkLogs asks each log for its tree head and verifies it.
func (p *program) checkLogs(ctx context.Context) []checkup {
	logs, err := p.config.logs()
	if err != nil {
		return []checkup{{"logs", false, err.Error(), "correct the logs of the configuration"}}
	}
	checks := make([]checkup, len(logs))
	done := make(chan struct{})
	for i, log := range logs {
		go func() {
			checks[i] = p.checkLog(ctx, log)
			done <- struct{}{}
		}()
	}
	for range logs {
		<-done
	}
	return checks
}

// doctorPatience is how long doctor waits for a log.
const doctorPatience = 15 * time.Second

func (p *program) checkLog(ctx context.Context, log scanner.Log) checkup {
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	scan, err := scanner.New(scanner.Config{Log: log, UserAgent: p.config.userAgent()})
	if err != nil {
		return checkup{"log " + log.Name, false, err.Error(), "correct the log in the configuration"}
	}
	head, err := scan.TreeHead(ctx)
	var signature *scanner.SignatureError
	switch {
	case errors.As(err, &signature):
		return checkup{"log " + log.Name, false, err.Error(), "don't trust it: compare its key with the one its operator publishes"}
	case err != nil:
		return checkup{"log " + log.Name, false, err.Error(), "see whether this machine reaches " + log.URL + " (proxy: set HTTPS_PROXY)"}
	}
	age := time.Since(head.Timestamp).Round(time.Second)
	detail := fmt.Sprintf("%d entries, signature verified, signed %s ago", head.Size, age)
	if age > log.MMD {
		return checkup{"log " + log.Name, false, detail + ", longer than its maximum merge delay of " + log.MMD.String(), "check this machine's clock; if it is right, ask the log's operator"}
	}
	return checkup{"log " + log.Name, true, detail, ""}
}

func (p *program) printCheckups(checks []checkup, asJSON bool) error {
	if asJSON {
		return printJSONLines(p.out, checks)
	}
	for _, check := range checks {
		mark := "ok  "
		if !check.OK {
			mark = "FAIL"
		}
		if _, err := fmt.Fprintf(p.out, "%s  %-14s %s\n", mark, check.Check, check.Detail); err != nil {
			return err
		}
		if check.Remedy != "" {
			fmt.Fprintf(p.out, "      %-14s → %s\n", "", check.Remedy)
		}
	}
	return nil
}
