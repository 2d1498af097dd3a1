"""Files that banks exchange: ACH out, returns and corrections in, events."""
