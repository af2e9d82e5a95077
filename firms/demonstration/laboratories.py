"""Invented laboratories of the invented university; one waits to be listed."""

from datetime import date
from typing import NamedTuple

from firms.models import Cluster, Laboratory, LaboratoryCluster, Organisation
from firms.services.laboratories import save_laboratory
from portal.models import User

_AI, _CHIPS, _LIFE = "ai-internet-digital-content", "integrated-circuits-intelligent-manufacturing", "life-and-health"
_GREEN, _DESIGN = "green-and-low-carbon", "design-and-urban-technology"


class Described(NamedTuple):
    """A laboratory: names, fields and descriptions in Chinese and in English, clusters, opening."""

    name: tuple[str, str]
    field: tuple[str, str]
    description: tuple[str, str]
    clusters: tuple[str, ...]
    opened: date | None = None
    is_listed: bool = True


LABORATORIES = (
    Described(
        ("示例感知与视觉实验室", "Demonstration Laboratory of Sensing and Vision"),
        ("传感芯片、机器视觉与机器人关节", "Sensor chips, machine vision and robot joints"),
        (
            "虚构实验室。拥有传感芯片测试平台与机器人关节试验台，面向企业开放联合课题。",
            "An invented laboratory with a bench for sensor chips and a stand for robot joints, open to firms.",
        ),
        (_AI, _CHIPS),
        date(2018, 9, 1),
    ),
    Described(
        ("示例体外诊断实验室", "Demonstration Laboratory of In-vitro Diagnostics"),
        ("感染性疾病的快速检测", "Fast tests of infections"),
        (
            "虚构实验室。与两家示例医院合作开展样本研究，面向企业提供检测方法验证。",
            "An invented laboratory. It measures samples of two invented hospitals and validates tests for firms.",
        ),
        (_LIFE,),
        date(2021, 3, 15),
    ),
    Described(
        ("示例低碳建材实验室", "Demonstration Laboratory of Low-carbon Building Materials"),
        ("玻璃再生与低碳墙体", "Recycled glass and low-carbon walls"),
        (
            "虚构实验室。校园内设有两面示范墙体，长期监测保温与耐候性能。",
            "An invented laboratory with two walls on the campus, whose insulation and ageing it measures all year.",
        ),
        (_GREEN, _DESIGN),
    ),
    Described(
        ("示例城市声学实验室", "Demonstration Laboratory of Urban Acoustics"),
        ("街区噪声", "Noise of streets"),
        ("虚构实验室，筹建中。", "An invented laboratory that is being set up."),
        (_DESIGN,),
        is_listed=False,
    ),
)


def load_laboratories(
    by: User, organisation: Organisation, described: tuple[Described, ...] = LABORATORIES
) -> list[Laboratory]:
    """Load laboratories of an organisation as a registry officer writes them."""
    clusters = {cluster.slug: cluster for cluster in Cluster.objects.all()}
    return [_load(by, organisation, one, clusters) for one in described]


def _load(by: User, organisation: Organisation, one: Described, clusters: dict[str, Cluster]) -> Laboratory:
    laboratory = Laboratory(
        organisation=organisation,
        name_zh=one.name[0],
        name_en=one.name[1],
        field_zh=one.field[0],
        field_en=one.field[1],
        description_zh=one.description[0],
        description_en=one.description[1],
        opened=one.opened,
        source="Demonstration · 示例",
        is_listed=one.is_listed,
    )
    save_laboratory(by=by, laboratory=laboratory)
    rows = [LaboratoryCluster(laboratory=laboratory, cluster=clusters[slug]) for slug in one.clusters]
    LaboratoryCluster.objects.bulk_create(rows)
    return laboratory
