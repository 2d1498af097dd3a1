"""The domain, said on the wire: one folder per dialect, and what they read and write with."""
