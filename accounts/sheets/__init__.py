"""Spreadsheets that people upload: bytes in, a grid of cells out, read by a guarded child process."""
