"""Settings, keymap, themes, tables and shipped files: read strictly, written atomically."""
