"""What external accounts look like in these tests."""

from comptoir.domain.banking.external.checking import Details

NUMBER = "98765432109"
DETAILS = Details("Checking", NUMBER, "091000019", "Ada", "Lovelace")
