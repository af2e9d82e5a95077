"""Investors from outside mainland China who look for firms that seek capital."""

from tests.investors.match_grading.cases import AI, CHIPS, DESIGN, GREEN, LIFE, Case, capital

FOREIGN_CAPITAL = [
    Case(
        "capital",
        "Demonstration Fjord Capital, a fund from Norway that reads English only and leads green Series A and B rounds.",
        {
            "investor_type": "venture_capital", "country": "NO", "kinds": ["capital_sought"], "clusters": [GREEN],
            "ticket_min": 10_000_000, "ticket_max": 60_000_000, "stages": ["series_a", "series_b"],
            "instruments": ["equity"], "horizon_years": 8, "roles": ["lead", "follow"], "languages": ["en"],
        },
        [
            capital(
                "Series A for membranes that capture carbon", "碳捕集膜材料A轮融资", GREEN,
                stage="series_a", instrument="equity", amount_sought=50_000_000, amount_secured=10_000_000,
                ticket_min=10_000_000, ticket_max=40_000_000, horizon_years=7, investor_role="lead",
                foreign_capital="open",
            ),
            capital(
                "Series B for electric barges", "", GREEN, CHIPS,
                stage="series_b", instrument="equity", amount_sought=120_000_000, amount_secured=60_000_000,
                ticket_min=20_000_000, ticket_max=60_000_000, horizon_years=8, investor_role="follow",
                foreign_capital="open",
            ),
            capital(
                "Series A for cooling without compressors", "固态制冷A轮融资", GREEN,
                stage="series_a", instrument="equity", amount_sought=45_000_000,
                ticket_min=5_000_000, ticket_max=45_000_000, horizon_years=6, investor_role="any",
                foreign_capital="open",
            ),
        ],
        [
            capital(
                "Series A for ocean energy, closed to foreign capital", "海洋能A轮融资（不接受外资）", GREEN,
                off="foreign_capital", stage="series_a", instrument="equity", amount_sought=50_000_000,
                amount_secured=10_000_000, ticket_min=10_000_000, ticket_max=40_000_000, horizon_years=7,
                investor_role="lead", foreign_capital="closed",
            ),
            capital(
                "", "厨余垃圾制氢A轮融资", GREEN, off="language",
                stage="series_a", instrument="equity", amount_sought=50_000_000, amount_secured=10_000_000,
                ticket_min=10_000_000, ticket_max=40_000_000, horizon_years=7, investor_role="lead",
                foreign_capital="open",
            ),
            capital(
                "Series A for plasma treatment of waste, twelve years", "等离子体固废处理A轮融资（十二年期）", GREEN,
                off="horizon", stage="series_a", instrument="equity", amount_sought=50_000_000,
                amount_secured=10_000_000, ticket_min=10_000_000, ticket_max=40_000_000, horizon_years=12,
                investor_role="lead", foreign_capital="open",
            ),
        ],
    ),
    Case(
        "capital",
        "Demonstration Peak Partners, a private equity house from Hong Kong for health firms close to their listing.",
        {
            "investor_type": "private_equity", "country": "HK", "kinds": ["capital_sought"], "clusters": [LIFE],
            "excluded_clusters": [AI], "ticket_min": 30_000_000, "ticket_max": 200_000_000,
            "stages": ["growth", "pre_ipo"], "instruments": ["equity", "convertible"], "horizon_years": 4,
            "roles": ["lead", "follow"], "languages": ["zh", "en"],
        },
        [
            capital(
                "Round before listing of a maker of stents", "血管支架企业上市前融资", LIFE,
                stage="pre_ipo", instrument="equity", amount_sought=300_000_000, amount_secured=150_000_000,
                ticket_min=50_000_000, ticket_max=150_000_000, horizon_years=2, investor_role="follow",
                foreign_capital="open",
            ),
            capital(
                "Growth capital for diagnostic kits", "体外诊断试剂成长期融资", LIFE,
                stage="growth", instrument="convertible", amount_sought=100_000_000, amount_secured=20_000_000,
                ticket_min=20_000_000, ticket_max=80_000_000, horizon_years=4, investor_role="lead",
                foreign_capital="open",
            ),
            capital(
                "", "康复器械成长期融资", LIFE, DESIGN,
                stage="growth", instrument="equity", amount_sought=90_000_000,
                ticket_min=30_000_000, ticket_max=60_000_000, horizon_years=3, investor_role="any",
                foreign_capital="open",
            ),
        ],
        [
            capital(
                "Growth capital for cell therapy, closed to foreign capital", "细胞治疗成长期融资（不接受外资）", LIFE,
                off="foreign_capital", stage="growth", instrument="equity", amount_sought=150_000_000,
                amount_secured=50_000_000, ticket_min=30_000_000, ticket_max=100_000_000, horizon_years=4,
                investor_role="lead", foreign_capital="closed",
            ),
            capital(
                "Growth capital for software that reads scans", "医学影像软件成长期融资", LIFE, AI, off="excluded_cluster",
                stage="growth", instrument="equity", amount_sought=150_000_000, amount_secured=50_000_000,
                ticket_min=30_000_000, ticket_max=100_000_000, horizon_years=4, investor_role="lead",
                foreign_capital="open",
            ),
            capital(
                "Growth capital for hearing aids in small parts", "助听器企业成长期融资（小额份额）", LIFE, off="ticket",
                stage="growth", instrument="equity", amount_sought=60_000_000, amount_secured=45_000_000,
                ticket_min=1_000_000, ticket_max=10_000_000, horizon_years=3, investor_role="follow",
                foreign_capital="open",
            ),
        ],
    ),
    Case(
        "capital",
        "Demonstration Lindenhof Family Office from Switzerland, patient and small, in design, health and clean things.",
        {
            "investor_type": "family_office", "country": "CH", "kinds": ["capital_sought", "joint_lab"],
            "clusters": [DESIGN, LIFE, GREEN], "ticket_min": 2_000_000, "ticket_max": 10_000_000,
            "stages": ["angel", "series_a"], "instruments": ["equity", "convertible"], "horizon_years": 15,
            "roles": ["follow"], "languages": ["en"],
        },
        [
            capital(
                "Angel round for bicycles made of bamboo", "竹制自行车天使轮融资", DESIGN, GREEN,
                stage="angel", instrument="equity", amount_sought=8_000_000, amount_secured=2_000_000,
                ticket_min=1_000_000, ticket_max=4_000_000, horizon_years=8, investor_role="any",
                foreign_capital="open",
            ),
            capital(
                "Series A for hospital air without germs", "医院空气消毒A轮融资", LIFE,
                stage="series_a", instrument="convertible", amount_sought=25_000_000, amount_secured=15_000_000,
                ticket_min=3_000_000, ticket_max=10_000_000, horizon_years=10, investor_role="follow",
                foreign_capital="open",
            ),
            capital(
                "Angel round for rain gardens on roofs", "", DESIGN, GREEN,
                stage="angel", instrument="equity", amount_sought=10_000_000, amount_secured=4_000_000,
                ticket_min=2_000_000, ticket_max=5_000_000, investor_role="follow", foreign_capital="open",
            ),
        ],
        [
            capital(
                "Angel round for maps of heritage, restricted for foreign capital", "历史风貌测绘天使轮融资（外资受限）", DESIGN,
                off="foreign_capital", stage="angel", instrument="equity", amount_sought=8_000_000,
                amount_secured=2_000_000, ticket_min=1_000_000, ticket_max=4_000_000, horizon_years=8,
                investor_role="follow", foreign_capital="restricted",
            ),
            capital(
                "Project loan for a solar roof", "屋顶光伏项目借款", GREEN, DESIGN, off="instrument",
                stage="series_a", instrument="asset", amount_sought=20_000_000, amount_secured=10_000_000,
                ticket_min=2_000_000, ticket_max=10_000_000, horizon_years=10, investor_role="follow",
                foreign_capital="open",
            ),
            capital(
                "Angel round for a chip tester", "芯片测试仪天使轮融资", CHIPS, off="cluster",
                stage="angel", instrument="equity", amount_sought=8_000_000, amount_secured=2_000_000,
                ticket_min=1_000_000, ticket_max=4_000_000, horizon_years=8, investor_role="follow",
                foreign_capital="open",
            ),
        ],
    ),
    Case(
        "capital",
        "Demonstration Kansai Precision, a Japanese maker of machine tools that wants a stake in chip equipment.",
        {
            "investor_type": "corporate", "country": "JP", "kinds": ["capital_sought"], "clusters": [CHIPS],
            "ticket_min": 20_000_000, "ticket_max": 100_000_000, "stages": ["series_b", "growth"],
            "instruments": ["equity", "convertible"], "horizon_years": 10, "roles": ["strategic", "lead"],
            "languages": ["en", "zh"],
        },
        [
            capital(
                "Growth capital for wafer handling", "晶圆传输设备成长期融资", CHIPS,
                stage="growth", instrument="equity", amount_sought=200_000_000, amount_secured=80_000_000,
                ticket_min=30_000_000, ticket_max=100_000_000, horizon_years=6, investor_role="strategic",
                foreign_capital="open",
            ),
            capital(
                "Series B for grinding spindles", "磨削主轴B轮融资", CHIPS,
                stage="series_b", instrument="convertible", amount_sought=70_000_000, amount_secured=20_000_000,
                ticket_min=10_000_000, ticket_max=50_000_000, horizon_years=8, investor_role="lead",
                foreign_capital="open",
            ),
            capital(
                "", "真空阀件成长期融资", CHIPS, GREEN,
                stage="growth", instrument="equity", amount_sought=90_000_000,
                ticket_min=25_000_000, ticket_max=90_000_000, horizon_years=10, investor_role="any",
                foreign_capital="open",
            ),
        ],
        [
            capital(
                "Growth capital for lithography optics, closed to foreign capital", "光刻光学成长期融资（不接受外资）", CHIPS,
                off="foreign_capital", stage="growth", instrument="equity", amount_sought=200_000_000,
                amount_secured=80_000_000, ticket_min=30_000_000, ticket_max=100_000_000, horizon_years=6,
                investor_role="strategic", foreign_capital="closed",
            ),
            capital(
                "Seed round for a new kind of spindle", "新型主轴种子轮融资", CHIPS, off="stage",
                stage="seed", instrument="equity", amount_sought=40_000_000, amount_secured=10_000_000,
                ticket_min=20_000_000, ticket_max=30_000_000, horizon_years=8, investor_role="strategic",
                foreign_capital="open",
            ),
            capital(
                "Growth capital for a polisher that pays back in fourteen years", "抛光设备成长期融资（十四年退出）", CHIPS,
                off="horizon", stage="growth", instrument="equity", amount_sought=150_000_000,
                amount_secured=50_000_000, ticket_min=30_000_000, ticket_max=100_000_000, horizon_years=14,
                investor_role="strategic", foreign_capital="open",
            ),
        ],
    ),
]  # fmt: skip
