// GovernorLedger
