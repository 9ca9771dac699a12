"""``python -m aap_xl``: the command line."""

from aap_xl.faces.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
