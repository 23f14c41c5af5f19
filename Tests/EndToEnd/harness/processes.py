"""What the kernel reports about a process (proc(5))."""

from pathlib import Path


def processor_seconds(pid: int) -> float:
    """Returns the CPU time that the process's threads have used so far, in seconds (sched-stats)."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def open_descriptors(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))
