"""The legacy 2Checkout dialect: the Admin API in XML, JSON and HTML."""
