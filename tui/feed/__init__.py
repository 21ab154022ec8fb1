"""The worker process: asks, keeps, attributes, stores, publishes."""
