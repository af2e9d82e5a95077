"""What is settled is not looked through again."""

import gc

from portal import memory


def test_what_is_loaded_is_left_out_of_the_search_for_garbage() -> None:
    loaded: list[str] = []
    tracked = any(found is loaded for found in gc.get_objects())

    memory.settle()

    assert (tracked, any(found is loaded for found in gc.get_objects())) == (True, False)
