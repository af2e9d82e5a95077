"""Which listings of the demonstration come from which of its laboratories."""

from firms.demonstration.laboratories import Described, load_laboratories
from firms.models import Laboratory, Organisation
from portal.models import User

_SENSING, _DIAGNOSTICS, _BUILDING, _MATERIALS = (
    "Demonstration Laboratory of Sensing and Vision",
    "Demonstration Laboratory of In-vitro Diagnostics",
    "Demonstration Laboratory of Low-carbon Building Materials",
    "Demonstration Laboratory of Functional Materials",
)

_OFFERED_BY = {
    "Patent: camera that sees gas leaks": _SENSING,
    "Layout design for a low-power sensor chip": _SENSING,
    "Joint laboratory for robot joints": _SENSING,
    "Industry year for master's students of computing": _SENSING,
    "Blood test that tells bacterial from viral infection": _DIAGNOSTICS,
    "Postdoctoral places shared with firms": _DIAGNOSTICS,
    "Recycling of facade glass without melting": _BUILDING,
    "Joint laboratory for low-carbon building materials": _BUILDING,
    "Insulating foam made of paper waste": _MATERIALS,
    "Joint laboratory for heat spreaders of power electronics": _MATERIALS,
}


def laboratory_of(title_en: str) -> Laboratory | None:
    """Return the laboratory that a listing comes from, by the listing's title; none where it is not loaded."""
    name = _OFFERED_BY.get(title_en)
    return Laboratory.objects.filter(name_en=name).first() if name else None


def load_of_institute(by: User, institute: Organisation) -> None:
    """Load the laboratory of the invented institute."""
    described = Described(
        ("示例功能材料实验室", _MATERIALS),
        ("可降解泡沫与散热材料", "Compostable foams and heat spreaders"),
        (
            "虚构实验室。设有烧结炉与热性能检测间，面向企业提供样品测试。",
            "An invented laboratory with furnaces and a room for thermal measurements. Firms have samples tested.",
        ),
        ("green-and-low-carbon", "integrated-circuits-intelligent-manufacturing"),
    )
    load_laboratories(by, institute, (described,))
