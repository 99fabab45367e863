// Starts a program whose wall clock is off by what a file says; the machine's own clock is left alone.
//
//	shifted-clock <offset file> <program> [argument ...]
//
// The file holds nanoseconds, ahead or behind, as an int64 in the machine's byte order. It may change at any time, and
// programs that share it share a clock. The monotonic clock is the real one. Linux on amd64 only.
//
// Go reads the clock without a library, so nothing can be preloaded, and from the vDSO, so there is no system call. Hence
// the program gets an auxiliary vector that names no vDSO, a seccomp filter that stops it where it asks for the wall
// clock, and a tracer, this one, that answers. SIGTERM and SIGINT are passed on; when this process ends, in whatever
// way, the kernel kills what it traces.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// First argument of the stage that installs the filter and becomes the program.
const stageArgument = "--stage"

func main() {
	// Tracing, and a seccomp filter, belong to one thread.
	runtime.LockOSThread()
	if len(os.Args) < 3 {
		fail("expected an offset file and a program", nil)
	}
	if os.Args[1] == stageArgument {
		fail("cannot become "+os.Args[2], become(os.Args[2:]))
	}
	offset, err := mapOffset(os.Args[1])
	if err != nil {
		fail("cannot read the offset", err)
	}
	pid, err := syscall.ForkExec("/proc/self/exe", append([]string{os.Args[0], stageArgument}, os.Args[2:]...), &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Ptrace: true},
	})
	if err != nil {
		fail("cannot start the stage", err)
	}
	passOn(pid)
	status, err := trace(pid, func() int64 { return atomic.LoadInt64(offset) })
	if err != nil {
		fail("cannot trace", err)
	}
	if status.Signaled() {
		os.Exit(128 + int(status.Signal()))
	}
	os.Exit(status.ExitStatus())
}

func mapOffset(file string) (*int64, error) {
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	memory, err := syscall.Mmap(int(opened.Fd()), 0, 8, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return (*int64)(unsafe.Pointer(&memory[0])), nil
}

func passOn(pid int) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		for received := range signals {
			if number, ok := received.(syscall.Signal); ok {
				_ = syscall.Kill(pid, number)
			}
		}
	}()
}

func fail(what string, err error) {
	fmt.Fprintf(os.Stderr, "shifted-clock: %s: %v\n", what, err)
	os.Exit(127)
}
