"""Tests of the guarded reader."""
