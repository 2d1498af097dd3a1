"""Finding anything by what one has of it: a number, a code, a name, an e-mail address, a tag, an amount."""
