"""``python -m yika`` is the ``yika`` command."""

from yika.config.cli import main

if __name__ == "__main__":
    main(prog_name="yika")
