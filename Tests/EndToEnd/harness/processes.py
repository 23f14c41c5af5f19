"""What the kernel reports about a process (proc(5), clock_getcpuclockid(3))."""

import ctypes
import os
import time
from pathlib import Path


def processor_seconds(pid: int) -> float:
    """Returns the CPU time that a process has used so far, in seconds, also in ended threads."""
    clock = ctypes.c_int()
    # Python's time.pthread_getcpuclockid is for the threads of this process only.
    if error := ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)):
        raise OSError(error, os.strerror(error))
    return time.clock_gettime(clock.value)


def open_descriptors(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))
