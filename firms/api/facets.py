"""What a list can be filtered by, in both languages, with the number that each choice would leave."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import translation

from firms.search.choices import Choice, Facet


def told(
    facets: Iterable[Facet],
    load: Callable[[], Mapping[str, Mapping[str, Choice]]],
    numbers: Mapping[str, int],
    *,
    counted: str,
) -> list[dict[str, Any]]:
    """Return the facets for an answer.

    Args:
        facets: those to tell of.
        load: reads the choices of all facets in the active language.
        numbers: how many each choice would leave, by how entries hold it.
        counted: what the number is called.
    """
    facets = list(facets)
    english, chinese = (_loaded(facets, load, language) for language in ("en", "zh-hans"))
    return [
        {
            "name": name,
            "label_en": label,
            "label_zh": chinese[name][0],
            "choices": [
                {
                    "value": choice.value,
                    "label_en": choice.label,
                    "label_zh": other.label,
                    "parent": choice.parent or None,
                    counted: numbers.get(choice.stored, 0),
                }
                for choice, other in zip(choices, chinese[name][1], strict=True)
            ],
        }
        for name, (label, choices) in english.items()
    ]


def _loaded(
    facets: Iterable[Facet], load: Callable[[], Mapping[str, Mapping[str, Choice]]], language: str
) -> dict[str, tuple[str, list[Choice]]]:
    """Return the label and the choices of each facet in a language."""
    with translation.override(language):
        by_facet = load()
        return {facet.name: (str(facet.label), list(by_facet[facet.name].values())) for facet in facets}
