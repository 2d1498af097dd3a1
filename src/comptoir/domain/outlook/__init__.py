"""What falls due up to a time: read beforehand, by the same queries by which it will be done."""
