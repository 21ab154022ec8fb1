"""Data to (text, tone) runs. No Textual."""
