"""Clearing with other banks: files go out, answers come in, and what they are about settles."""
