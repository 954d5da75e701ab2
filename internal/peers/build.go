package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The scratch module: what others' programs are built in. Versions are pinned,
// for some of these modules can't be asked for their latest one.
var (
	//go:embed scratch/go.mod.txt
	scratchModule string
	//go:embed scratch/reader.go.txt
	scratchReader string
)

// programs are the paths of what is run.
type programs struct {
	markwatch, certspotter, scanlog, tilereader, ctfe, self string
}

// buildPeers compiles others' programs in a scratch module below dir, and the
// real log of internal/reallog, whose folder is below root.
func buildPeers(ctx context.Context, root, dir string) (programs, error) {
	scratch := filepath.Join(dir, "scratch")
	for name, text := range map[string]string{"go.mod": scratchModule, "tilereader/main.go": scratchReader} {
		path := filepath.Join(scratch, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return programs{}, fmt.Errorf("making the scratch module: %w", err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return programs{}, fmt.Errorf("making the scratch module: %w", err)
		}
	}
	p := programs{
		certspotter: filepath.Join(dir, "certspotter"), scanlog: filepath.Join(dir, "scanlog"),
		tilereader: filepath.Join(dir, "tilereader"), ctfe: filepath.Join(dir, "ctfe"),
	}
	for _, b := range []struct{ folder, out, pkg string }{
		{scratch, p.certspotter, "software.sslmate.com/src/certspotter/cmd/certspotter"},
		{scratch, p.scanlog, "github.com/google/certificate-transparency-go/scanner/scanlog"},
		{scratch, p.tilereader, "./tilereader"},
		{filepath.Join(root, "internal/reallog"), p.ctfe, "./cmd/ctfe"},
	} {
		args := []string{"build", "-o", b.out, b.pkg}
		if b.folder == scratch {
			args = append([]string{"build", "-mod=mod"}, args[1:]...)
		}
		if err := goCommand(ctx, b.folder, args...); err != nil {
			return programs{}, err
		}
	}
	var err error
	p.self, err = os.Executable()
	return p, err
}

// goCommand runs the go command in a folder.
func goCommand(ctx context.Context, folder string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", cmd, err, out)
	}
	return nil
}
