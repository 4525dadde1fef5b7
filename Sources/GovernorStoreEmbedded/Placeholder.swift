// GovernorStoreEmbedded
