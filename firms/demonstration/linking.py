"""Universities and parks in clusters, decided by hand as staff do; who belongs where is the demonstration's choice."""

from firms.models import Cluster, Organisation
from firms.services.clusters import decide_by_hand

_AI, _CHIPS, _LIFE = "ai-internet-digital-content", "integrated-circuits-intelligent-manufacturing", "life-and-health"
_GREEN, _DESIGN = "green-and-low-carbon", "design-and-urban-technology"

_LINKS = {
    "复旦大学": (_AI, _CHIPS, _LIFE),
    "同济大学": (_GREEN, _DESIGN),
    "上海理工大学": (_CHIPS, _GREEN),
    "海军军医大学": (_LIFE,),
    "示例大学": (_AI, _CHIPS, _LIFE, _GREEN, _DESIGN),
    "大创智": (_AI,),
    "长阳创谷": (_AI, _CHIPS),
    "湾谷": (_LIFE, _CHIPS),
    "杨浦滨江": (_GREEN, _DESIGN),
}


def link_to_clusters() -> None:
    """Link them."""
    clusters = {cluster.slug: cluster for cluster in Cluster.objects.all()}
    for organisation in Organisation.objects.filter(name_zh__in=_LINKS).order_by("pk"):
        for slug in _LINKS[organisation.name_zh]:
            decide_by_hand(
                organisation=organisation, cluster=clusters[slug], excluded=False, reason="示例 · Demonstration"
            )
