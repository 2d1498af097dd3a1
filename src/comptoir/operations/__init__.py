"""What those need who run the server: health, measures, the log of requests, and files."""
