package reallog

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// SunlightPrograms are the commands of which StartSunlight wants the programs.
func SunlightPrograms() []string {
	return []string{"filippo.io/sunlight/cmd/sunlight", "filippo.io/sunlight/cmd/skylight", "./cmd/checkpointdb"}
}

// sunlightConfig is the configuration of Sunlight, skylightConfig that of its
// server of files.
const sunlightConfig = `listen: [%q]
checkpoints: %s/checkpoints.db
logs:
  - shortname: sunlight
    inception: %q
    period: 100
    submissionprefix: https://submit.sunlight.test/log
    monitoringprefix: https://monitor.sunlight.test/log
    roots: %s/roots.pem
    secret: %s/seed.bin
    cache: %s/cache.db
    localdirectory: %s/log
    notafterstart: 2020-01-01T00:00:00Z
    notafterlimit: 2040-01-01T00:00:00Z
`

const skylightConfig = `listen: [%q]
logs:
  - shortname: sunlight
    monitoringprefix: https://monitor.sunlight.test/log
    localdirectory: %s/log
`

// StartSunlight runs Sunlight on files, and Skylight, which serves them. They
// take certificates for TLS servers alone.
func StartSunlight(ctx context.Context, opts TiledOptions) (*Tiled, error) {
	addresses := map[string]string{}
	for _, host := range []string{"submit.sunlight.test:80", "monitor.sunlight.test:80"} {
		address, err := freeAddress()
		if err != nil {
			return nil, err
		}
		addresses[host] = address
	}
	t := &Tiled{
		URL: "http://monitor.sunlight.test/log", Submit: "http://submit.sunlight.test/log", Origin: "submit.sunlight.test/log",
		Client: reaching(addresses), dir: filepath.Join(opts.Dir, "log"),
	}
	if err := sunlightFiles(ctx, opts, addresses); err != nil {
		return nil, err
	}
	t.onClose(func() {
		// Root's files have the immutable attribute, where the file system has it.
		_ = exec.Command("chattr", "-R", "-i", t.dir).Run()
	})
	// Sunlight makes the folder that Skylight wants to see.
	err := t.run(ctx, opts, "sunlight", t.readKey)
	if err == nil {
		err = t.run(ctx, opts, "skylight", func() error { _, err := t.Size(ctx); return err })
	}
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// run starts one of the programs and waits until it is ready.
func (t *Tiled) run(ctx context.Context, opts TiledOptions, program string, ready func() error) error {
	p, err := run(opts.Dir, filepath.Join(opts.Programs, program), "-c", program+".yaml")
	if err != nil {
		return err
	}
	t.onClose(p.stop)
	return p.wait(ctx, ready)
}

// sunlightFiles writes all that Sunlight and Skylight want to find.
func sunlightFiles(ctx context.Context, opts TiledOptions, addresses map[string]string) error {
	d := opts.Dir
	seed := make([]byte, 32)
	if _, err := rand.Read(seed); err != nil {
		return fmt.Errorf("making the log's seed: %w", err)
	}
	today := time.Now().UTC().Format(time.DateOnly)
	for name, text := range map[string]string{
		"seed.bin":      string(seed),
		"sunlight.yaml": fmt.Sprintf(sunlightConfig, addresses["submit.sunlight.test:80"], d, today, d, d, d, d),
		"skylight.yaml": fmt.Sprintf(skylightConfig, addresses["monitor.sunlight.test:80"], d),
	} {
		if err := os.WriteFile(filepath.Join(d, name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("writing the log's configuration: %w", err)
		}
	}
	if err := writePEM(filepath.Join(d, "roots.pem"), opts.Roots); err != nil {
		return err
	}
	db := exec.CommandContext(ctx, filepath.Join(opts.Programs, "checkpointdb"), filepath.Join(d, "checkpoints.db"))
	if out, err := db.CombinedOutput(); err != nil {
		return fmt.Errorf("making the file of checkpoints: %w: %s", err, out)
	}
	return nil
}

// readKey finds the key that Sunlight has made, in what it publishes of itself.
func (t *Tiled) readKey() error {
	b, err := os.ReadFile(filepath.Join(t.dir, "log.v3.json"))
	if err != nil {
		return err
	}
	var about struct {
		Key []byte `json:"key"`
	}
	if err := json.Unmarshal(b, &about); err != nil {
		return err
	}
	t.Key = about.Key
	return nil
}
