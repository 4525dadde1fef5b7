// GovernorStore
