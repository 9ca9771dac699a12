"""``python -m aap_xl``: the command line."""

from aap_xl.faces.cli import programme

if __name__ == "__main__":
    programme()
