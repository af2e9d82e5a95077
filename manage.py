#!/usr/bin/env python
"""The command line of the portal."""

import os
import sys

from portal import interruption
from portal.actor import acting


def main() -> None:
    """Run a management command as the named actor ``command:<name>``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name == "demo":
        os.environ.setdefault("DEMONSTRATION", "1")
        interruption.remember()  # the settings start services, which the command then ends
    with acting(f"command:{name}"):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
