#!/usr/bin/env python
"""Runs one of Django's or the portal's commands."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "badges_portal.settings")
    from django.core.management import execute_from_command_line

    from badges_portal.database import UNUSABLE, in_one_sentence

    try:
        execute_from_command_line(sys.argv)
    except UNUSABLE as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(in_one_sentence(error))


if __name__ == "__main__":
    main()
