"""comptoir: a self-hosted back office for selling and for the money that selling moves."""

__version__ = "0.1.0"
