package main

import (
	"encoding/binary"
	"fmt"
	"syscall"
	"time"
)

const (
	waitAll = 0x40000000 // __WALL

	optionTraceSeccomp = 0x80
	optionExitKill     = 0x100000
	eventExec          = 4
	eventSeccomp       = 7

	auxNull   = 0
	auxIgnore = 1
	auxVdso   = 33 // AT_SYSINFO_EHDR

	wordSize = 8
)

// Follows a process that asked to be traced, and all it starts, to the end of the first. Gives how that one ended.
func trace(pid int, offset func() int64) (syscall.WaitStatus, error) {
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(pid, &status, waitAll, nil); err != nil {
		return status, err
	}
	const options = optionExitKill | optionTraceSeccomp | syscall.PTRACE_O_TRACEEXEC | syscall.PTRACE_O_TRACECLONE |
		syscall.PTRACE_O_TRACEFORK | syscall.PTRACE_O_TRACEVFORK
	if err := syscall.PtraceSetOptions(pid, options); err != nil {
		return status, err
	}
	known := map[int]bool{pid: true}
	for thread := pid; ; {
		deliver, err := handle(thread, status, known, offset)
		if err == nil {
			err = syscall.PtraceCont(thread, int(deliver))
		}
		// A thread may be killed while it is stopped.
		if err != nil && err != syscall.ESRCH {
			return status, fmt.Errorf("thread %d: %w", thread, err)
		}
		for {
			thread, err = syscall.Wait4(-1, &status, waitAll, nil)
			if err == syscall.EINTR {
				continue
			}
			if err != nil {
				return status, err
			}
			if status.Stopped() {
				break
			}
			delete(known, thread)
			if thread == pid {
				return status, nil
			}
		}
	}
}

// Does what a stop asks for. Gives the signal to deliver, 0 for none.
func handle(thread int, status syscall.WaitStatus, known map[int]bool, offset func() int64) (syscall.Signal, error) {
	first := !known[thread]
	known[thread] = true
	received := status.StopSignal()
	switch {
	case first && received == syscall.SIGSTOP:
		// Each new thread begins with this.
		return 0, nil
	case received != syscall.SIGTRAP:
		return received, nil
	case status.TrapCause() == eventSeccomp:
		return 0, answerClock(thread, offset())
	case status.TrapCause() == eventExec:
		return 0, hideVdso(thread)
	}
	return 0, nil
}

// Answers a system call in the kernel's place.
func answerClock(thread int, offset int64) error {
	var registers syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(thread, &registers); err != nil {
		return err
	}
	now := time.Now().UnixNano() + offset
	seconds, rest := now/1e9, now%1e9
	registers.Rax = 0
	target := registers.Rdi
	switch registers.Orig_rax {
	case syscall.SYS_CLOCK_GETTIME:
		target = registers.Rsi
	case syscall.SYS_GETTIMEOFDAY:
		rest /= 1e3
	case syscall.SYS_TIME:
		registers.Rax = uint64(seconds)
	}
	if target != 0 {
		words := binary.LittleEndian.AppendUint64(nil, uint64(seconds))
		if registers.Orig_rax != syscall.SYS_TIME {
			words = binary.LittleEndian.AppendUint64(words, uint64(rest))
		}
		if _, err := syscall.PtracePokeData(thread, uintptr(target), words); err != nil {
			return err
		}
	}
	registers.Orig_rax = ^uint64(0) // No system call.
	return syscall.PtraceSetRegs(thread, &registers)
}

// Takes the vDSO out of the auxiliary vector, which lies on the new stack behind arguments and environment.
func hideVdso(thread int) error {
	var registers syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(thread, &registers); err != nil {
		return err
	}
	address := uintptr(registers.Rsp)
	arguments, err := peek(thread, address)
	if err != nil {
		return err
	}
	address += wordSize * uintptr(arguments+2)
	for word := uint64(1); word != 0; address += wordSize {
		if word, err = peek(thread, address); err != nil {
			return err
		}
	}
	for ; ; address += 2 * wordSize {
		kind, err := peek(thread, address)
		if err != nil || kind == auxNull {
			return err
		}
		if kind == auxVdso {
			_, err := syscall.PtracePokeData(thread, address, binary.LittleEndian.AppendUint64(nil, auxIgnore))
			return err
		}
	}
}

func peek(thread int, address uintptr) (uint64, error) {
	word := make([]byte, wordSize)
	if _, err := syscall.PtracePeekData(thread, address, word); err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(word), nil
}
