"""People and businesses who bank here: identity, status, addresses, relations, beneficiaries."""
