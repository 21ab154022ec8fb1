"""What exists: frozen types and the clock port. No I/O, no Textual, no numpy."""
