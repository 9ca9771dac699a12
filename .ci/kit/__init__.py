"""The release kit: what an IT department needs to install aap_xl without a network, and to check what it installs."""
