// GovernorTesting
