"""Investors of mainland China who look for firms that seek capital."""

from tests.investors.match_grading.cases import AI, CHIPS, DESIGN, GREEN, LIFE, Case, capital

DOMESTIC_CAPITAL = [
    Case(
        "capital",
        "Demonstration Riverbend Ventures, an early-stage fund from Shanghai that likes to lead in software and data.",
        {
            "investor_type": "venture_capital", "country": "CN", "kinds": ["capital_sought"], "clusters": [AI],
            "ticket_min": 5_000_000, "ticket_max": 20_000_000, "stages": ["angel", "series_a"],
            "instruments": ["equity", "convertible"], "horizon_years": 7, "roles": ["lead"], "languages": ["zh"],
        },
        [
            capital(
                "Series A for a fraud-detection service", "金融反欺诈服务A轮融资", AI,
                stage="series_a", instrument="equity", amount_sought=30_000_000, amount_secured=5_000_000,
                ticket_min=8_000_000, ticket_max=15_000_000, horizon_years=5, investor_role="lead",
                foreign_capital="restricted",
            ),
            capital(
                "", "工业质检大模型天使轮融资", AI, CHIPS,
                stage="angel", instrument="convertible", amount_sought=12_000_000, amount_secured=0,
                ticket_min=3_000_000, ticket_max=12_000_000, horizon_years=6, investor_role="any",
                foreign_capital="open",
            ),
            capital(
                "Series A for a marketplace of spare parts", "工业备件交易平台A轮融资", AI,
                stage="series_a", instrument="equity", amount_sought=40_000_000,
                ticket_min=10_000_000, ticket_max=30_000_000, horizon_years=7, investor_role="lead",
            ),
        ],
        [
            capital(
                "Series B for a fraud-detection service", "金融反欺诈服务B轮融资", AI, off="stage",
                stage="series_b", instrument="equity", amount_sought=30_000_000, amount_secured=5_000_000,
                ticket_min=8_000_000, ticket_max=15_000_000, horizon_years=5, investor_role="lead",
                foreign_capital="open",
            ),
            capital(
                "Series A for logistics software, large tickets only", "物流软件A轮融资（大额认购）", AI, off="ticket",
                stage="series_a", instrument="equity", amount_sought=90_000_000, amount_secured=20_000_000,
                ticket_min=35_000_000, ticket_max=70_000_000, horizon_years=5, investor_role="lead",
                foreign_capital="open",
            ),
            capital(
                "Series A for a map service with its lead found", "地图数据服务A轮融资（已有领投方）", AI, off="role",
                stage="series_a", instrument="equity", amount_sought=35_000_000, amount_secured=15_000_000,
                ticket_min=5_000_000, ticket_max=15_000_000, horizon_years=5, investor_role="follow",
                foreign_capital="open",
            ),
        ],
    ),
    Case(
        "capital",
        "Demonstration District Guidance Fund, which invests beside others in chips and clean technology for ten years.",
        {
            "investor_type": "guidance_fund", "country": "CN", "kinds": ["capital_sought"],
            "clusters": [CHIPS, GREEN], "excluded_clusters": [DESIGN], "ticket_min": 10_000_000,
            "ticket_max": 50_000_000, "stages": ["series_a", "series_b", "growth"], "instruments": ["equity"],
            "horizon_years": 10, "roles": ["follow"], "languages": ["zh"],
        },
        [
            capital(
                "Series B for power chips", "功率芯片B轮融资", CHIPS,
                stage="series_b", instrument="equity", amount_sought=150_000_000, amount_secured=90_000_000,
                ticket_min=10_000_000, ticket_max=60_000_000, horizon_years=8, investor_role="follow",
                foreign_capital="closed",
            ),
            capital(
                "Growth capital for battery recycling", "动力电池回收成长期融资", GREEN,
                stage="growth", instrument="equity", amount_sought=100_000_000, amount_secured=40_000_000,
                ticket_min=20_000_000, ticket_max=40_000_000, horizon_years=6, investor_role="any",
                foreign_capital="open",
            ),
            capital(
                "Series A for inverters of energy storage", "储能变流器A轮融资", GREEN, CHIPS,
                stage="series_a", instrument="equity", amount_sought=60_000_000, amount_secured=30_000_000,
                ticket_min=10_000_000, ticket_max=30_000_000, horizon_years=10, investor_role="follow",
            ),
        ],
        [
            capital(
                "Series B for sensors in smart buildings", "智慧楼宇传感器B轮融资", CHIPS, DESIGN, off="excluded_cluster",
                stage="series_b", instrument="equity", amount_sought=120_000_000, amount_secured=70_000_000,
                ticket_min=10_000_000, ticket_max=50_000_000, horizon_years=7, investor_role="follow",
                foreign_capital="open",
            ),
            capital(
                "Venture debt for a maker of power chips", "功率芯片企业风险债融资", CHIPS, off="instrument",
                stage="series_b", instrument="debt", amount_sought=80_000_000, amount_secured=30_000_000,
                ticket_min=10_000_000, ticket_max=50_000_000, horizon_years=5, investor_role="follow",
                foreign_capital="open",
            ),
            capital(
                "Series B for medical robots", "医疗机器人B轮融资", LIFE, off="cluster",
                stage="series_b", instrument="equity", amount_sought=120_000_000, amount_secured=60_000_000,
                ticket_min=15_000_000, ticket_max=50_000_000, horizon_years=8, investor_role="follow",
                foreign_capital="open",
            ),
        ],
    ),
    Case(
        "capital",
        "Demonstration Chen, a former founder who puts her own money into first rounds of design and city technology.",
        {
            "investor_type": "angel", "country": "CN", "kinds": ["capital_sought"], "clusters": [DESIGN, AI],
            "ticket_min": 300_000, "ticket_max": 2_000_000, "stages": ["seed", "angel"],
            "instruments": ["equity", "convertible"], "horizon_years": 8, "roles": ["lead", "follow"],
        },
        [
            capital(
                "Seed round for digital twins of old houses", "历史建筑数字孪生种子轮融资", DESIGN,
                stage="seed", instrument="equity", amount_sought=3_000_000, amount_secured=500_000,
                ticket_min=500_000, ticket_max=2_000_000, horizon_years=7, investor_role="any",
                foreign_capital="open",
            ),
            capital(
                "Angel round for a tool that writes tenders", "智能标书工具天使轮融资", AI,
                stage="angel", instrument="convertible", amount_sought=6_000_000, amount_secured=3_000_000,
                ticket_min=1_000_000, ticket_max=3_000_000, horizon_years=5, investor_role="follow",
                foreign_capital="open",
            ),
            capital(
                "Seed round for furniture from reclaimed wood", "再生木家具设计种子轮融资", DESIGN, GREEN,
                stage="seed", instrument="convertible", amount_sought=2_000_000,
                ticket_min=200_000, ticket_max=1_000_000, investor_role="lead", foreign_capital="not_assessed",
            ),
        ],
        [
            capital(
                "Seed round for a city simulator, five million a ticket", "城市仿真种子轮融资（单笔五百万元起）", DESIGN,
                off="ticket", stage="seed", instrument="equity", amount_sought=15_000_000, amount_secured=5_000_000,
                ticket_min=5_000_000, ticket_max=10_000_000, horizon_years=7, investor_role="any",
                foreign_capital="open",
            ),
            capital(
                "Last round before listing of a design group", "设计集团上市前融资", DESIGN, off="stage",
                stage="pre_ipo", instrument="equity", amount_sought=30_000_000, amount_secured=20_000_000,
                ticket_min=500_000, ticket_max=5_000_000, horizon_years=3, investor_role="any",
                foreign_capital="open",
            ),
            capital(
                "Seed round for a wound dressing", "创面敷料种子轮融资", LIFE, off="cluster",
                stage="seed", instrument="equity", amount_sought=3_000_000, amount_secured=500_000,
                ticket_min=500_000, ticket_max=2_000_000, horizon_years=7, investor_role="follow",
                foreign_capital="open",
            ),
        ],
    ),
    Case(
        "capital",
        "Demonstration Harbour Bank, which lends to grown firms and finances machines, three to five years, no equity.",
        {
            "investor_type": "bank", "country": "CN", "kinds": ["capital_sought"],
            "ticket_min": 5_000_000, "ticket_max": 80_000_000, "stages": ["series_b", "growth", "pre_ipo"],
            "instruments": ["debt", "asset"], "horizon_years": 5, "languages": ["zh"],
        },
        [
            capital(
                "Loan for a second packaging line", "第二条封装产线借款", CHIPS,
                stage="growth", instrument="asset", amount_sought=50_000_000, amount_secured=10_000_000,
                ticket_min=10_000_000, ticket_max=40_000_000, horizon_years=4, investor_role="any",
                foreign_capital="open",
            ),
            capital(
                "Venture debt for a cloud service", "云服务企业风险债", AI,
                stage="series_b", instrument="debt", amount_sought=20_000_000,
                ticket_min=5_000_000, ticket_max=20_000_000, horizon_years=3, investor_role="lead",
                foreign_capital="restricted",
            ),
            capital(
                "", "热泵机组设备融资", GREEN,
                stage="pre_ipo", instrument="asset", amount_sought=70_000_000, amount_secured=0,
                ticket_min=30_000_000, ticket_max=70_000_000, horizon_years=5, foreign_capital="closed",
            ),
        ],
        [
            capital(
                "Growth equity for packaging machines", "封装设备企业成长期股权融资", CHIPS, off="instrument",
                stage="growth", instrument="equity", amount_sought=50_000_000, amount_secured=10_000_000,
                ticket_min=10_000_000, ticket_max=40_000_000, horizon_years=4, investor_role="any",
                foreign_capital="open",
            ),
            capital(
                "Ten-year finance of a heat network", "供热管网十年期融资", GREEN, off="horizon",
                stage="growth", instrument="asset", amount_sought=60_000_000, amount_secured=20_000_000,
                ticket_min=10_000_000, ticket_max=40_000_000, horizon_years=10, investor_role="any",
                foreign_capital="open",
            ),
            capital(
                "Small loan for a growing print shop", "成长期印务企业小额借款", DESIGN, off="ticket",
                stage="growth", instrument="debt", amount_sought=2_000_000, amount_secured=500_000,
                ticket_min=300_000, ticket_max=1_500_000, horizon_years=3, investor_role="any",
                foreign_capital="open",
            ),
        ],
    ),
    Case(
        "capital",
        "Demonstration Valve Works, a manufacturer in Yangpu that buys into suppliers it can use itself.",
        {
            "investor_type": "corporate", "country": "CN", "kinds": ["capital_sought", "technology_offered"],
            "clusters": [CHIPS], "excluded_clusters": [LIFE], "ticket_min": 8_000_000, "ticket_max": 40_000_000,
            "stages": ["series_a", "series_b"], "instruments": ["equity"], "horizon_years": 12,
            "roles": ["strategic"], "languages": ["zh", "en"],
        },
        [
            capital(
                "Series A for leak sensors of valves", "阀门泄漏传感器A轮融资", CHIPS,
                stage="series_a", instrument="equity", amount_sought=40_000_000, amount_secured=10_000_000,
                ticket_min=10_000_000, ticket_max=30_000_000, horizon_years=6, investor_role="strategic",
                foreign_capital="open",
            ),
            capital(
                "Series B for welding robots", "焊接机器人B轮融资", CHIPS, AI,
                stage="series_b", instrument="equity", amount_sought=80_000_000, amount_secured=50_000_000,
                ticket_min=15_000_000, ticket_max=30_000_000, horizon_years=9, investor_role="any",
                foreign_capital="open",
            ),
            capital(
                "Series A for metal printing", "金属增材制造A轮融资", CHIPS,
                stage="series_a", instrument="equity", amount_sought=30_000_000,
                ticket_min=5_000_000, ticket_max=30_000_000, investor_role="strategic", foreign_capital="open",
            ),
        ],
        [
            capital(
                "Series A for robots in operating theatres", "手术机器人A轮融资", CHIPS, LIFE, off="excluded_cluster",
                stage="series_a", instrument="equity", amount_sought=40_000_000, amount_secured=10_000_000,
                ticket_min=10_000_000, ticket_max=30_000_000, horizon_years=6, investor_role="strategic",
                foreign_capital="open",
            ),
            capital(
                "Series A for torque sensors, financial investors only", "扭矩传感器A轮融资（仅限财务投资人领投）", CHIPS,
                off="role", stage="series_a", instrument="equity", amount_sought=40_000_000,
                amount_secured=10_000_000, ticket_min=10_000_000, ticket_max=30_000_000, horizon_years=6,
                investor_role="lead", foreign_capital="open",
            ),
            capital(
                "Seed round for ultrasonic valves", "超声波阀门种子轮融资", CHIPS, off="stage",
                stage="seed", instrument="equity", amount_sought=20_000_000, amount_secured=5_000_000,
                ticket_min=5_000_000, ticket_max=15_000_000, horizon_years=8, investor_role="strategic",
                foreign_capital="open",
            ),
        ],
    ),
]  # fmt: skip
