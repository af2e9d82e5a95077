"""Universities of the district, by their real names, with public facts only; and an invented one."""

from typing import NamedTuple


class University(NamedTuple):
    """What the directory says of a university."""

    name_zh: str
    name_en: str
    address: str
    website: str
    description_en: str
    description_zh: str
    source: str


UNIVERSITIES = [
    University(
        "复旦大学",
        "Fudan University",
        "上海市杨浦区邯郸路220号",
        "https://www.fudan.edu.cn",
        "Founded in 1905. A comprehensive university; its Handan campus lies in Yangpu.",
        "创建于1905年，综合性大学，邯郸校区位于杨浦区。",
        "www.fudan.edu.cn",
    ),
    University(
        "同济大学",
        "Tongji University",
        "上海市杨浦区四平路1239号",
        "https://www.tongji.edu.cn",
        "Founded in 1907. Known for architecture, civil engineering and design; its Siping Road campus lies in Yangpu.",
        "创建于1907年，以建筑、土木与设计见长，四平路校区位于杨浦区。",
        "www.tongji.edu.cn",
    ),
    University(
        "上海理工大学",
        "University of Shanghai for Science and Technology",
        "上海市杨浦区军工路516号",
        "https://www.usst.edu.cn",
        "Traces its origin to 1906. A university of engineering and technology on Jungong Road.",
        "办学历史可追溯至1906年，以工科为主的大学，位于军工路。",
        "www.usst.edu.cn",
    ),
    University(
        "上海财经大学",
        "Shanghai University of Finance and Economics",
        "上海市杨浦区国定路777号",
        "https://www.sufe.edu.cn",
        "Traces its origin to 1917. A university of finance, economics and management.",
        "办学历史可追溯至1917年，以财经与管理学科为主。",
        "www.sufe.edu.cn",
    ),
    University(
        "海军军医大学",
        "Naval Medical University",
        "上海市杨浦区翔殷路800号",
        "https://www.smmu.edu.cn",
        "Also known as the Second Military Medical University. A medical university on Xiangyin Road.",
        "又称第二军医大学，医学院校，位于翔殷路。",
        "www.smmu.edu.cn",
    ),
    University(
        "上海体育大学",
        "Shanghai University of Sport",
        "上海市杨浦区长海路399号",
        "https://www.sus.edu.cn",
        "Founded in 1952. A university of sport and exercise science on Changhai Road.",
        "创建于1952年，体育类高校，位于长海路。",
        "www.sus.edu.cn",
    ),
]

DEMONSTRATION_UNIVERSITY = University(
    "示例大学",
    "Demonstration University",
    "",
    "",
    "An invented university: everything offered in its name belongs to the demonstration.",
    "虚构高校：以其名义发布的内容均为示例。",
    "Demonstration · 示例",
)
