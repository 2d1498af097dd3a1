"""What every part of the measurement knows: the key, the installation's key, and the server's threads."""

KEY = "benchmarkkey"
API_USER, API_PASSWORD = "bench", "benchmark password"
SECRET = bytes(range(32))
THREADS = 4
