"""The machinery behind ./setup/dcrm: standard library only."""
