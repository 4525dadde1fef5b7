// GovernorHTTP
