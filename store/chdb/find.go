package chdb

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// libraryEnv names the environment variable that points at libchdb itself.
const libraryEnv = "MARKWATCH_LIBCHDB"

// LibraryMissingError says that libchdb is nowhere to be found, and where it was looked for.
type LibraryMissingError struct {
	// Tried lists the paths that were looked at, in order.
	Tried []string
}

// Error names the two ways out: fetching the engine, or using a ClickHouse server.
func (e *LibraryMissingError) Error() string {
	where := "beside the program, in node_modules of the directories above it and of the working directory, or in /usr/local/lib"
	if len(e.Tried) == 1 {
		where = "at " + e.Tried[0]
	}
	return fmt.Sprintf("the embedded ClickHouse engine (libchdb) is not %s: run `make engine` to fetch it, set %s to its path, "+
		"or use a ClickHouse server with --store https://user:password@host:8443/database", where, libraryEnv)
}

// FindLibrary says where libchdb is: $MARKWATCH_LIBCHDB; beside the executable; in node_modules, searched upward from the
// executable's and then the working directory; in /usr/local/lib. The error is a *LibraryMissingError.
func FindLibrary() (string, error) {
	if path := os.Getenv(libraryEnv); path != "" {
		if isFile(path) {
			return path, nil
		}
		return "", &LibraryMissingError{Tried: []string{path}}
	}
	var tried []string
	for _, path := range libraryPaths() {
		if isFile(path) {
			return path, nil
		}
		if !slices.Contains(tried, path) {
			tried = append(tried, path)
		}
	}
	return "", &LibraryMissingError{Tried: tried}
}

// libraryPaths lists where libchdb may be, best first.
func libraryPaths() []string {
	var paths []string
	inPackage := filepath.Join("node_modules", "@chdb", packageName(), "libchdb.so")
	if executable, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(executable); err == nil {
			executable = real
		}
		dir := filepath.Dir(executable)
		paths = append(paths, filepath.Join(dir, "libchdb.so"))
		paths = append(paths, upward(dir, inPackage)...)
	}
	if dir, err := os.Getwd(); err == nil {
		paths = append(paths, upward(dir, inPackage)...)
	}
	return append(paths, "/usr/local/lib/libchdb.so")
}

// packageName is the npm package that holds libchdb for this platform.
func packageName() string {
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	if runtime.GOOS == "linux" {
		return "lib-linux-" + arch + "-gnu"
	}
	return "lib-" + runtime.GOOS + "-" + arch
}

// upward lists name in dir and in each directory above it.
func upward(dir, name string) []string {
	var paths []string
	for {
		paths = append(paths, filepath.Join(dir, name))
		parent := filepath.Dir(dir)
		if parent == dir {
			return paths
		}
		dir = parent
	}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
