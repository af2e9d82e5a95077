"""What processes that live long do about memory."""

import gc

from django.urls import get_resolver


def settle() -> None:
    """Load the addresses with all they need, and leave what is loaded out of each later search for garbage.

    A search of everything takes tens of milliseconds of whichever request it falls into; what is settled before a
    fork is shared, too.
    """
    get_resolver().url_patterns  # noqa: B018 -- loads them
    gc.collect()
    gc.freeze()
