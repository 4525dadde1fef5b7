// GovernorRuntime
