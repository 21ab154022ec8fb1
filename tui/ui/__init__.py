"""The terminal: app, screens, widgets, bindings, theming, the link to the feed."""
