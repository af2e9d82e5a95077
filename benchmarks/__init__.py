"""Measurements of the product's own functions at 7 thousand, 100 thousand and 1 million invented firms."""

import os

import django
from django.apps import apps

if not apps.ready:  # run as `python -m benchmarks…`, also by the processes of a pool
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
