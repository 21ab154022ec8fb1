"""Headlines in; symbols, scope, cluster and rank out. No I/O."""
