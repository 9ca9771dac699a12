"""The calls for projects, one TOML file each."""
