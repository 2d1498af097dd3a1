"""What every part of the measurement knows: the key, the installation's key, and the server's threads."""

KEY = "benchmarkkey"
SECRET = bytes(range(32))
THREADS = 4
