"""Numbers in, Attribution out. numpy, no I/O."""
