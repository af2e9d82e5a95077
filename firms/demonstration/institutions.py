"""Universities and parks of the district, by their real names, with public facts only; and an invented university."""

from datetime import date
from typing import NamedTuple

from firms.models import Organisation

UNIVERSITY, PARK = Organisation.Kind.UNIVERSITY, Organisation.Kind.PARK


class Institution(NamedTuple):
    """What the portal says of a university or park."""

    kind: Organisation.Kind
    name_zh: str
    name_en: str
    address: str
    website: str
    description_en: str
    description_zh: str
    source: str
    source_date: date | None = None


UNIVERSITIES = [
    Institution(
        UNIVERSITY,
        "复旦大学",
        "Fudan University",
        "上海市杨浦区邯郸路220号",
        "https://www.fudan.edu.cn",
        "Founded in 1905. A comprehensive university; its Handan campus lies in Yangpu.",
        "创建于1905年，综合性大学，邯郸校区位于杨浦区。",
        "www.fudan.edu.cn",
    ),
    Institution(
        UNIVERSITY,
        "同济大学",
        "Tongji University",
        "上海市杨浦区四平路1239号",
        "https://www.tongji.edu.cn",
        "Founded in 1907. Known for architecture, civil engineering and design; its Siping Road campus lies in Yangpu.",
        "创建于1907年，以建筑、土木与设计见长，四平路校区位于杨浦区。",
        "www.tongji.edu.cn",
    ),
    Institution(
        UNIVERSITY,
        "上海理工大学",
        "University of Shanghai for Science and Technology",
        "上海市杨浦区军工路516号",
        "https://www.usst.edu.cn",
        "Traces its origin to 1906. A university of engineering and technology on Jungong Road.",
        "办学历史可追溯至1906年，以工科为主的大学，位于军工路。",
        "www.usst.edu.cn",
    ),
    Institution(
        UNIVERSITY,
        "上海财经大学",
        "Shanghai University of Finance and Economics",
        "上海市杨浦区国定路777号",
        "https://www.sufe.edu.cn",
        "Traces its origin to 1917. A university of finance, economics and management.",
        "办学历史可追溯至1917年，以财经与管理学科为主。",
        "www.sufe.edu.cn",
    ),
    Institution(
        UNIVERSITY,
        "海军军医大学",
        "Naval Medical University",
        "上海市杨浦区翔殷路800号",
        "https://www.smmu.edu.cn",
        "Also known as the Second Military Medical University. A medical university on Xiangyin Road.",
        "又称第二军医大学，医学院校，位于翔殷路。",
        "www.smmu.edu.cn",
    ),
    Institution(
        UNIVERSITY,
        "上海体育大学",
        "Shanghai University of Sport",
        "上海市杨浦区长海路399号",
        "https://www.sus.edu.cn",
        "Founded in 1952. A university of sport and exercise science on Changhai Road.",
        "创建于1952年，体育类高校，位于长海路。",
        "www.sus.edu.cn",
    ),
]

PARKS = [
    Institution(
        PARK,
        "大创智",
        "Knowledge & Innovation Community",
        "",
        "",
        "A quarter of the district for innovation and start-ups.",
        "区内的创新创业街区。",
        "english.shyp.gov.cn/English/Detail.aspx?id=104847",
    ),
    Institution(
        PARK,
        "长阳创谷",
        "Changyang Campus",
        "上海市杨浦区长阳路",
        "",
        "A campus of firms on Changyang Road, on the site of the Donghua Cotton Mill of 1920, later the China Textile "
        "Machinery Plant.",
        "位于长阳路的创新创业园区，原址为1920年建成的东华纱厂，后为中国纺织机械厂。",
        "english.shyp.gov.cn/English/Detail.aspx?id=106411",
        date(2017, 9, 12),
    ),
    Institution(
        PARK,
        "湾谷",
        "Bay Valley",
        "",
        "",
        "A park of the district. An innovation centre was launched here on 30 May 2024.",
        "区内园区。2024年5月30日，创新中心在此启动。",
        "english.shyp.gov.cn/ywb/latest/20240606/456684.html",
        date(2024, 6, 6),
    ),
    Institution(
        PARK,
        "杨浦滨江",
        "Yangpu Riverside",
        "",
        "",
        "The district's 15.5 kilometres of bank on the Huangpu River, one of the cradles of industry in China.",
        "杨浦区15.5公里黄浦江岸线，中国近代工业的发祥地之一。",
        "www.chinadaily.com.cn/a/202007/19/WS5f141c82a31083481725a83c_2.html",
        date(2020, 7, 19),
    ),
    Institution(
        PARK,
        "复兴岛",
        "Fuxing Island",
        "",
        "",
        "An island in the lower reaches of the Huangpu River, which the district plans as an ecological island.",
        "黄浦江下游的岛屿，规划为生态岛。",
        "english.shyp.gov.cn/English/Detail.aspx?id=50606",
    ),
]

DEMONSTRATION_UNIVERSITY = Institution(
    UNIVERSITY,
    "示例大学",
    "Demonstration University",
    "",
    "",
    "An invented university: everything offered in its name belongs to the demonstration.",
    "虚构高校：以其名义发布的内容均为示例。",
    "Demonstration · 示例",
)
