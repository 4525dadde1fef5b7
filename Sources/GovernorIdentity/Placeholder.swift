// GovernorIdentity
