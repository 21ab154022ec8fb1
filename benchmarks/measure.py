"""What the benchmarks share: repeated timing, and fresh processes."""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable


def median_ms(work: Callable[[], object], repeats: int = 11) -> float:
    """Median wall time of one call, in milliseconds, after one call to warm up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def fresh_process_ms(code: str, repeats: int = 7) -> float:
    """Median wall time of `python -c CODE` in a new process, in milliseconds."""

    def run() -> None:
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    return median_ms(run, repeats)


def fresh_process_mb(code: str) -> float:
    """Peak resident memory of `python -c CODE` in a new process, in MB."""
    report = f"{code}\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    output = subprocess.run([sys.executable, "-c", report], check=True, capture_output=True, text=True).stdout
    return int(output.split()[-1]) / 1024


def peak_mb() -> float:
    """Peak resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
