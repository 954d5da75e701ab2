package chdb

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"unsafe"

	"github.com/ebitengine/purego"
)

// lastSignal is the highest of the classic signals; the real-time ones above it have no handler of Go's that matters
// (Go uses 32 to 34 only with glibc's own).
const lastSignal = 31

// sigactionSize is more than any platform's struct sigaction takes.
const sigactionSize = 256

// signalDispositions serialises openings: what handles a signal belongs to the process, so does the time in which it may change.
var signalDispositions sync.Mutex

// keepingSignals runs open, which may install or reset signal handlers, and puts back what was there before. Go can't do
// without its own: nil dereferences arrive as SIGSEGV, preemption as SIGURG, profiling as SIGPROF.
func keepingSignals(open func() error) error {
	signalDispositions.Lock()
	defer signalDispositions.Unlock()
	address, err := purego.Dlsym(purego.RTLD_DEFAULT, "sigaction")
	if err != nil {
		return fmt.Errorf("finding sigaction in the C library: %w", err)
	}
	var sigaction func(signal int32, set, old unsafe.Pointer) int32
	purego.RegisterFunc(&sigaction, address)

	read := func(signal int32) []byte {
		action := make([]byte, sigactionSize)
		if signal == int32(syscall.SIGKILL) || signal == int32(syscall.SIGSTOP) {
			return nil // nothing can handle these
		}
		if sigaction(signal, nil, unsafe.Pointer(unsafe.SliceData(action))) != 0 {
			return nil
		}
		return action
	}
	before := make([][]byte, lastSignal+1)
	for signal := range int32(lastSignal + 1) {
		before[signal] = read(signal)
	}
	failure := open()
	for signal := range int32(lastSignal + 1) {
		if before[signal] == nil || bytes.Equal(read(signal), before[signal]) {
			continue
		}
		if sigaction(signal, unsafe.Pointer(unsafe.SliceData(before[signal])), nil) != 0 {
			failure = errors.Join(failure, fmt.Errorf("putting back the handler of signal %d", signal))
		}
	}
	return failure
}
