"""Subdistricts, industries and clusters with their rules: what stands before any firm is imported."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parent / "data"

# Code, name in Chinese and in English, row and column on the tile grid (north on top).
SUBDISTRICTS = [
    ("310110020", "新江湾城", "Xinjiangwancheng", 1, 1), ("310110016", "殷行", "Yinhang", 1, 2),
    ("310110019", "五角场", "Wujiaochang", 2, 1), ("310110021", "长海路", "Changhai Road", 2, 2),
    ("310110013", "长白新村", "Changbai Xincun", 2, 3), ("310110009", "四平路", "Siping Road", 3, 1),
    ("310110012", "控江路", "Kongjiang Road", 3, 2), ("310110015", "延吉新村", "Yanji Xincun", 3, 3),
    ("310110008", "江浦路", "Jiangpu Road", 4, 1), ("310110018", "大桥", "Daqiao", 4, 2),
    ("310110001", "定海路", "Dinghai Road", 4, 3), ("310110006", "平凉路", "Pingliang Road", 5, 1),
]

# Each section of GB/T 4754-2017 and its last division.
LAST_DIVISION = zip("ABCDEFGHIJKLMNOPQRST", (5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83, 85, 90, 96, 97), strict=True)

CLUSTERS = [
    (
        "ai-internet-digital-content", "AI, internet and digital content", "人工智能、互联网与数字内容",
        "Artificial intelligence, software, online platforms, data services and digital content.",
        "人工智能、软件开发、互联网平台、数据服务与数字内容。",
        [
            ("Software and information technology services", "软件和信息技术服务", ["651", "653", "654", "655", "656"], []),
            ("Internet and related services", "互联网和相关服务", ["64"], []),
            ("Digital content", "数字内容服务", ["657"], []),
            ("Artificial intelligence in the business scope", "经营范围涉及人工智能", [],
             ["人工智能", "机器学习", "大模型", "计算机视觉", "自然语言处理"]),
        ],
    ),
    (
        "integrated-circuits-intelligent-manufacturing", "Integrated circuits and intelligent manufacturing",
        "集成电路与智能制造",
        "Chip design and equipment, electronics, industrial robots and digital factories.",
        "芯片设计与装备、电子元器件、工业机器人与数字化工厂。",
        [
            ("Design of integrated circuits", "集成电路设计", ["652"], []),
            ("Electronic devices and components", "电子器件与电子元件制造", ["397", "398"], []),
            ("Equipment for semiconductors and electronics", "半导体与电子专用设备制造", ["356"], []),
            ("Robots and additive manufacturing equipment", "机器人与增材制造装备制造", ["349"], []),
            ("Electrical signalling equipment", "电气信号设备装置制造", ["3891"], []),
            ("Intelligent manufacturing in the business scope", "经营范围涉及智能制造", [],
             ["集成电路", "半导体", "智能制造", "工业机器人"]),
        ],
    ),
    (
        "life-and-health", "Life and health", "生命健康",
        "Medical research, medicines, medical devices and biotechnology.",
        "医学研究、医药制造、医疗器械与生物技术。",
        [
            ("Manufacture of medicines", "医药制造", ["27"], []),
            ("Medical devices", "医疗仪器设备及器械制造", ["358"], []),
            ("Medical research and development", "医学研究和试验发展", ["734"], []),
            ("Promotion of biotechnology", "生物技术推广服务", ["7512"], []),
            ("Biomedicine in the business scope", "经营范围涉及生物医药", [], ["生物医药", "医药研发", "医疗器械", "细胞治疗"]),
        ],
    ),
    (
        "green-and-low-carbon", "Green and low-carbon", "绿色低碳",
        "Energy saving, environmental protection, new energy and low-carbon technology.",
        "节能、环保、新能源与低碳技术。",
        [
            ("Energy-saving, new-energy and environmental technology", "节能、新能源与环保技术推广服务", ["7514", "7515", "7516"], []),
            ("Environmental management", "环境治理业", ["772"], []),
            ("Environmental equipment", "环境保护专用设备制造", ["3591"], []),
            ("Batteries and photovoltaics", "电池与光伏设备制造", ["384", "3825"], []),
            ("Low-carbon technology in the business scope", "经营范围涉及节能低碳", [], ["节能", "低碳", "环保技术", "新能源"]),
        ],
    ),
    (
        "design-and-urban-technology", "Design and urban technology", "设计与城市科技",
        "Engineering and architectural design, planning, industrial design and technology for the city.",
        "工程与建筑设计、规划、工业设计与城市科技。",
        [
            ("Engineering services and design", "工程技术与设计服务", ["748"], []),
            ("Industrial and specialised design", "工业与专业设计服务", ["749"], []),
            ("Urban technology in the business scope", "经营范围涉及设计与城市科技", [],
             ["建筑设计", "工程设计", "智慧城市", "城市更新", "城市规划"]),
        ],
    ),
]


def add_subdistricts(apps, schema_editor):
    """Add the twelve subdistricts."""
    apps.get_model("firms", "Subdistrict").objects.bulk_create(
        apps.get_model("firms", "Subdistrict")(
            code=code, slug=name_en.lower().replace(" ", "-"), name_zh=name_zh, name_en=name_en, row=row, column=column
        )
        for code, name_zh, name_en, row, column in SUBDISTRICTS
    )


def add_industries(apps, schema_editor):
    """Add sections, divisions and the classes that clusters and registry need."""
    model = apps.get_model("firms", "Industry")
    sections = {}
    first = 1
    for section, last in LAST_DIVISION:
        sections |= {f"{division:02}": section for division in range(first, last + 1)}
        first = last + 1
    with (DATA / "industries.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            model(
                code=row["code"], name_zh=row["name_zh"], name_en=row["name_en"], level=len(row["code"]),
                parent_id=sections.get(row["code"]) or (row["code"][:2] if len(row["code"]) == 4 else None),
            )
            for row in csv.DictReader(file)
        ]
    model.objects.bulk_create(sorted(rows, key=lambda row: row.level))


def add_clusters(apps, schema_editor):
    """Add the clusters with their rules."""
    for position, (slug, title_en, title_zh, summary_en, summary_zh, rules) in enumerate(CLUSTERS, start=1):
        cluster = apps.get_model("firms", "Cluster").objects.create(
            slug=slug, title_en=title_en, title_zh=title_zh, summary_en=summary_en, summary_zh=summary_zh,
            position=position,
        )
        for rule_en, rule_zh, prefixes, words in rules:
            apps.get_model("firms", "ClusterRule").objects.create(
                cluster=cluster, title_en=rule_en, title_zh=rule_zh, class_prefixes=prefixes, scope_words=words
            )


class Migration(migrations.Migration):
    dependencies = [("firms", "0001_organisations")]
    operations = [
        migrations.RunPython(add_subdistricts, migrations.RunPython.noop),
        migrations.RunPython(add_industries, migrations.RunPython.noop),
        migrations.RunPython(add_clusters, migrations.RunPython.noop),
    ]
