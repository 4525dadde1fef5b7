// GovernorPolicy
