"""The vendors' own host names, answered on this machine: certificates, the hosts file, and trust."""
