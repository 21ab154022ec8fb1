"""A folder that nobody can write, not even root, whom permission bits do not bind."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Freeze a folder and its files for a while; the test is skipped where that cannot be done."""
    entries = [str(entry) for entry in (*folder.iterdir(), folder)]
    if os.getuid() == 0:
        frozen = subprocess.run(["chattr", "+i", *entries], capture_output=True, text=True)
        thaw = ["chattr", "-i", *entries]
    else:
        frozen = subprocess.run(["chmod", "a-w", *entries], capture_output=True, text=True)
        thaw = ["chmod", "u+w", *entries]
    try:
        if frozen.returncode:
            pytest.skip(f"this file system cannot be frozen for root: {frozen.stderr.strip()}")
        yield
    finally:
        subprocess.run(thaw, capture_output=True)
