"""One file per outside world, each behind an async port."""
