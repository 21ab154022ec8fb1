"""What `whymove check` looks at: each part yields findings, one line each, with their remedy."""
