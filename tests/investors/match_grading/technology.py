"""Those who look for technology to take over, license or develop further."""

from tests.investors.match_grading.cases import AI, CHIPS, DESIGN, GREEN, LIFE, Case, offer

TECHNOLOGY = [
    Case(
        "technology",
        "Demonstration Rhine Chemicals from Germany, which licenses granted patents on clean processes, tried in a plant.",
        {
            "investor_type": "corporate", "country": "DE", "kinds": ["technology_offered"], "clusters": [GREEN],
            "object_kinds": ["patent"], "modes": ["licence_exclusive", "licence_sole", "licence_non_exclusive"],
            "trl_min": 6, "export_free_only": False, "languages": ["en"],
        },
        [
            offer(
                "Catalyst that cleans exhaust air at room temperature", "常温废气净化催化剂", GREEN,
                object_kind="patent", modes=["licence_non_exclusive"], trl=8, jurisdiction="CN",
                object_number="ZL-DEMO-0001", legal_status="granted", legal_expires_on="2040-05-31",
                price_kind="royalty", royalty_percent=3, export_declaration="free",
            ),
            offer(
                "Membrane that keeps salt back", "高截留率除盐膜", GREEN, LIFE,
                object_kind="patent", modes=["licence_exclusive", "transfer"], trl=7, jurisdiction="DE",
                legal_status="granted", legal_expires_on="2039-03-01", price_kind="negotiable",
                export_declaration="restricted", export_licence_number="DEMO-LIC-7", export_licence_on="2026-09-01",
            ),
            offer(
                "Recovery of solvents from paint shops", "", GREEN,
                object_kind="patent", modes=["licence_sole", "development"], trl=6, legal_status="granted",
                price_kind="fixed", price_from=2_000_000, export_declaration="free",
            ),
        ],
        [
            offer(
                "Catalyst for flue gas, restricted and without a licence", "烟气脱硝催化剂（限制出口，未取得许可）", GREEN,
                off="export", object_kind="patent", modes=["licence_non_exclusive"], trl=8, jurisdiction="CN",
                legal_status="granted", legal_expires_on="2040-05-31", price_kind="royalty", royalty_percent=3,
                export_declaration="restricted",
            ),
            offer(
                "Catalyst for waste water, proved in a beaker", "废水处理催化剂（实验室阶段）", GREEN, off="trl",
                object_kind="patent", modes=["licence_non_exclusive"], trl=3, jurisdiction="CN",
                legal_status="granted", legal_expires_on="2040-05-31", price_kind="royalty", royalty_percent=3,
                export_declaration="free",
            ),
            offer(
                "Catalyst for engines, by contribution to a company only", "发动机尾气催化剂（仅作价入股）", GREEN, off="mode",
                object_kind="patent", modes=["equity_contribution"], trl=8, jurisdiction="CN",
                legal_status="granted", legal_expires_on="2040-05-31", price_kind="negotiable",
                export_declaration="free",
            ),
        ],
    ),
    Case(
        "technology",
        "Demonstration Pine Street Ventures from the United States, which builds firms around university research, freely "
        "exportable only.",
        {
            "investor_type": "venture_capital", "country": "US", "kinds": ["technology_offered"],
            "clusters": [LIFE, AI], "excluded_clusters": [CHIPS], "object_kinds": ["laboratory_research", "patent"],
            "modes": ["equity_contribution", "transfer"], "trl_min": 3, "export_free_only": True,
            "languages": ["en"],
        },
        [
            offer(
                "Peptide that slows scarring", "抑制瘢痕的多肽", LIFE,
                object_kind="laboratory_research", modes=["equity_contribution"], trl=4, legal_status="filed",
                jurisdiction="CN", price_kind="negotiable", export_declaration="free",
            ),
            offer(
                "Model that reads the sound of a cough", "咳嗽声识别模型", LIFE, AI,
                object_kind="patent", modes=["transfer", "equity_contribution"], trl=5, legal_status="granted",
                legal_expires_on="2042-01-31", jurisdiction="US", price_kind="range", price_from=1_000_000,
                price_to=3_000_000, export_declaration="free",
            ),
            offer(
                "Nutrient gel for cell culture", "细胞培养营养凝胶", LIFE,
                object_kind="laboratory_research", modes=["transfer"], trl=3, export_declaration="free",
            ),
        ],
        [
            offer(
                "Peptide for joints, restricted with a licence on file", "关节修复多肽（限制出口，已取得许可）", LIFE,
                off="export", object_kind="laboratory_research", modes=["equity_contribution"], trl=4,
                legal_status="filed", jurisdiction="CN", price_kind="negotiable",
                export_declaration="restricted", export_licence_number="DEMO-LIC-9", export_licence_on="2026-10-10",
            ),
            offer(
                "Chip that counts cells", "细胞计数芯片", LIFE, CHIPS, off="excluded_cluster",
                object_kind="laboratory_research", modes=["equity_contribution"], trl=4, legal_status="filed",
                jurisdiction="CN", price_kind="negotiable", export_declaration="free",
            ),
            offer(
                "Registered program for hospital beds", "病床调度软件著作权", LIFE, AI, off="object",
                object_kind="software_copyright", modes=["transfer", "equity_contribution"], trl=5,
                legal_status="registered", jurisdiction="CN", price_kind="negotiable", export_declaration="free",
            ),
        ],
    ),
    Case(
        "technology",
        "Demonstration Tongbei Machinery, a firm in Yangpu that buys layouts, patents and know-how for its controls.",
        {
            "investor_type": "corporate", "country": "CN", "kinds": ["technology_offered"], "clusters": [CHIPS],
            "object_kinds": ["ic_layout", "patent", "know_how"], "modes": ["transfer", "licence_exclusive"],
            "trl_min": 5, "export_free_only": False, "languages": ["zh"],
        },
        [
            offer(
                "", "电机驱动芯片布图设计", CHIPS,
                object_kind="ic_layout", modes=["transfer"], trl=7, legal_status="registered", jurisdiction="CN",
                legal_expires_on="2034-08-31", price_kind="fixed", price_from=1_500_000,
                export_declaration="not_assessed",
            ),
            offer(
                "Recipe for hardening gears", "齿轮淬硬工艺诀窍", CHIPS, GREEN,
                object_kind="know_how", modes=["licence_exclusive", "consulting"], trl=9, price_kind="royalty",
                royalty_percent=4, export_declaration="restricted",
            ),
            offer(
                "Encoder without contact", "非接触式编码器专利", CHIPS,
                object_kind="patent", modes=["transfer", "licence_exclusive"], trl=6, legal_status="granted",
                jurisdiction="CN", legal_expires_on="2041-11-30", price_kind="negotiable", export_declaration="free",
            ),
        ],
        [
            offer(
                "Encoder for doors, its patent expired", "门禁编码器专利（已失效）", CHIPS, off="legal_status",
                object_kind="patent", modes=["transfer", "licence_exclusive"], trl=6, legal_status="expired",
                jurisdiction="CN", legal_expires_on="2025-02-28", price_kind="negotiable", export_declaration="free",
            ),
            offer(
                "Encoder as a service", "编码器检测技术服务", CHIPS, off="mode",
                object_kind="patent", modes=["service"], trl=6, legal_status="granted", jurisdiction="CN",
                legal_expires_on="2041-11-30", price_kind="negotiable", export_declaration="free",
            ),
            offer(
                "Encoder for prostheses", "假肢编码器专利", LIFE, off="cluster",
                object_kind="patent", modes=["transfer", "licence_exclusive"], trl=6, legal_status="granted",
                jurisdiction="CN", legal_expires_on="2041-11-30", price_kind="negotiable", export_declaration="free",
            ),
        ],
    ),
    Case(
        "technology",
        "Demonstration Straits Urban Systems from Singapore, which licenses finished software for cities and reads English.",
        {
            "investor_type": "corporate", "country": "SG", "kinds": ["technology_offered"],
            "clusters": [DESIGN, AI], "object_kinds": ["software_copyright"],
            "modes": ["licence_non_exclusive", "service"], "trl_min": 7, "export_free_only": False,
            "languages": ["en"],
        },
        [
            offer(
                "Traffic lights that learn from buses", "公交优先信号学习软件", DESIGN, AI,
                object_kind="software_copyright", modes=["licence_non_exclusive"], trl=9, legal_status="registered",
                jurisdiction="CN", price_kind="range", price_from=500_000, price_to=1_200_000,
                export_declaration="free",
            ),
            offer(
                "Plan checker for fire escapes", "消防疏散审图软件", DESIGN,
                object_kind="software_copyright", modes=["service", "development"], trl=8, legal_status="registered",
                jurisdiction="CN", price_kind="fixed", price_from=300_000, export_declaration="free",
            ),
            offer(
                "Noise maps from microphones on poles", "", AI,
                object_kind="software_copyright", modes=["licence_non_exclusive", "transfer"], trl=7,
                price_kind="negotiable", export_declaration="free",
            ),
        ],
        [
            offer(
                "", "路灯节能调度软件", DESIGN, off="language",
                object_kind="software_copyright", modes=["licence_non_exclusive"], trl=9, legal_status="registered",
                jurisdiction="CN", price_kind="range", price_from=500_000, price_to=1_200_000,
                export_declaration="free",
            ),
            offer(
                "Crowd counter, its export not assessed", "人流统计软件（出口未评估）", DESIGN, AI, off="export",
                object_kind="software_copyright", modes=["licence_non_exclusive"], trl=9, legal_status="registered",
                jurisdiction="CN", price_kind="range", price_from=500_000, price_to=1_200_000,
                export_declaration="not_assessed",
            ),
            offer(
                "Traffic lights that learn, a first prototype", "信号灯学习软件（原型）", DESIGN, AI, off="trl",
                object_kind="software_copyright", modes=["licence_non_exclusive"], trl=4, legal_status="registered",
                jurisdiction="CN", price_kind="range", price_from=500_000, price_to=1_200_000,
                export_declaration="free",
            ),
        ],
    ),
]  # fmt: skip
