"""Line-API widgets: (text, tone) runs to strips, dirty regions, cursors."""
