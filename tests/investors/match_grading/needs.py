"""Firms of the district that need a technology, or a partner who digitalises them."""

from tests.investors.match_grading.cases import AI, CHIPS, DESIGN, GREEN, LIFE, Case, firm, listing, offer

NEEDS = [
    Case(
        "need",
        "Demonstration Shipyard Pumps, a manufacturer that needs a patented coating against rust in sea water.",
        listing(
            "technology_needed", "Coating against rust in sea water", "海水防腐涂层", clusters=[GREEN, CHIPS],
            object_kind="patent", trl=6, modes=["transfer", "licence_non_exclusive"], budget_from=500_000,
            budget_to=2_000_000, need_by="2027-09-30",
        ),
        [
            offer(
                "Zinc-free primer for hulls", "无锌船壳底漆", GREEN,
                object_kind="patent", modes=["licence_non_exclusive"], trl=8, legal_status="granted",
                jurisdiction="CN", price_kind="fixed", price_from=800_000, export_declaration="free",
            ),
            offer(
                "Ceramic layer for impellers", "叶轮陶瓷涂层", CHIPS,
                object_kind="patent", modes=["transfer", "licence_exclusive"], trl=7, legal_status="granted",
                jurisdiction="CN", price_kind="range", price_from=1_200_000, price_to=1_900_000,
                export_declaration="restricted",
            ),
            offer(
                "Self-healing lacquer", "自修复防腐漆", GREEN, CHIPS,
                object_kind="patent", modes=["transfer"], trl=6, legal_status="granted", price_kind="negotiable",
                export_declaration="not_assessed",
            ),
        ],
        [
            offer(
                "Diamond layer for impellers", "叶轮金刚石涂层", CHIPS, GREEN, off="price",
                object_kind="patent", modes=["transfer", "licence_exclusive"], trl=7, legal_status="granted",
                jurisdiction="CN", price_kind="range", price_from=6_000_000, price_to=9_000_000,
                export_declaration="free",
            ),
            offer(
                "Lacquer from mussels, seen in the laboratory", "贻贝仿生漆（实验室阶段）", GREEN, off="trl",
                object_kind="patent", modes=["transfer", "licence_non_exclusive"], trl=3, legal_status="granted",
                jurisdiction="CN", price_kind="fixed", price_from=800_000, export_declaration="free",
            ),
            offer(
                "Painter's recipe against rust", "防锈配方诀窍", GREEN, CHIPS, off="object",
                object_kind="know_how", modes=["transfer", "licence_non_exclusive"], trl=8,
                jurisdiction="CN", price_kind="fixed", price_from=800_000, export_declaration="free",
            ),
        ],
    ),
    Case(
        "need",
        "Demonstration Hospital Supplies, which needs laboratory research on test strips developed further with it.",
        listing(
            "technology_needed", "Test strips that need no refrigerator", "免冷藏检测试纸", clusters=[LIFE],
            object_kind="laboratory_research", trl=3, modes=["development", "equity_contribution"],
            budget_from=1_000_000, budget_to=4_000_000, need_by="2028-06-30",
        ),
        [
            offer(
                "Freeze-dried enzymes on paper", "纸基冻干酶", LIFE,
                object_kind="laboratory_research", modes=["development"], trl=4, legal_status="filed",
                price_kind="range", price_from=1_000_000, price_to=2_500_000, export_declaration="free",
            ),
            offer(
                "Glass beads that keep antibodies", "抗体玻璃微珠保存技术", LIFE, GREEN,
                object_kind="laboratory_research", modes=["equity_contribution", "transfer"], trl=5,
                price_kind="negotiable", export_declaration="restricted",
            ),
            offer(
                "", "常温稳定核酸试剂", LIFE,
                object_kind="laboratory_research", modes=["development", "service"], trl=3, legal_status="filed",
                price_kind="fixed", price_from=3_000_000, export_declaration="not_assessed",
            ),
        ],
        [
            offer(
                "Stable enzymes, for consulting only", "稳定酶技术咨询", LIFE, off="mode",
                object_kind="laboratory_research", modes=["consulting"], trl=4, legal_status="filed",
                price_kind="range", price_from=1_000_000, price_to=2_500_000, export_declaration="free",
            ),
            offer(
                "Stable colours for wall paint", "墙漆稳定显色技术", DESIGN, off="cluster",
                object_kind="laboratory_research", modes=["development"], trl=4, legal_status="filed",
                price_kind="range", price_from=1_000_000, price_to=2_500_000, export_declaration="free",
            ),
            offer(
                "Stable enzymes, an idea on paper", "稳定酶概念研究", LIFE, off="trl",
                object_kind="laboratory_research", modes=["development"], trl=1, legal_status="filed",
                price_kind="range", price_from=1_000_000, price_to=2_500_000, export_declaration="free",
            ),
        ],
    ),
    Case(
        "need",
        "Demonstration Print and Pack, which needs a finished program that finds misprints, with a licence for its use.",
        listing(
            "technology_needed", "Program that finds misprints", "印刷缺陷识别软件", clusters=[AI],
            object_kind="software_copyright", trl=8, modes=["licence_non_exclusive", "service"],
            budget_from=200_000, budget_to=600_000, need_by="2027-05-31",
        ),
        [
            offer(
                "Camera program for labels", "标签视觉检测软件", AI,
                object_kind="software_copyright", modes=["licence_non_exclusive"], trl=9, legal_status="registered",
                jurisdiction="CN", price_kind="fixed", price_from=350_000, export_declaration="free",
            ),
            offer(
                "Comparison of proofs and prints", "印样比对软件", AI, CHIPS,
                object_kind="software_copyright", modes=["service", "licence_non_exclusive"], trl=8,
                legal_status="registered", jurisdiction="CN", price_kind="range", price_from=200_000,
                price_to=500_000, export_declaration="not_assessed",
            ),
            offer(
                "", "薄膜缺陷识别软件", AI, DESIGN,
                object_kind="software_copyright", modes=["licence_non_exclusive"], trl=9, legal_status="registered",
                price_kind="negotiable", export_declaration="free",
            ),
        ],
        [
            offer(
                "Inspection suite for print houses, above the budget", "印刷检测套件（超出预算）", AI, off="price",
                object_kind="software_copyright", modes=["licence_non_exclusive"], trl=9, legal_status="registered",
                jurisdiction="CN", price_kind="fixed", price_from=2_800_000, export_declaration="free",
            ),
            offer(
                "Inspection program, sold only as a whole", "印刷检测软件（仅整体转让）", AI, off="mode",
                object_kind="software_copyright", modes=["transfer"], trl=9, legal_status="registered",
                jurisdiction="CN", price_kind="fixed", price_from=350_000, export_declaration="free",
            ),
            offer(
                "Patent on a camera for labels", "标签相机专利", AI, off="object",
                object_kind="patent", modes=["licence_non_exclusive"], trl=9, legal_status="granted",
                jurisdiction="CN", price_kind="fixed", price_from=350_000, export_declaration="free",
            ),
        ],
    ),
]  # fmt: skip

DIGITAL = [
    Case(
        "digital",
        "Demonstration Textile Finishing, a dyer that wants its dye house planned and watched by computer.",
        listing(
            "digitalisation_partner", "Planning of the dye house", "染整车间数字化排产", clusters=[GREEN],
            scope="production", process_en="Dyeing and drying in batches, planned on a whiteboard",
            process_zh="染色、烘干按批次生产，白板排产", systems_en="Accounting software only", systems_zh="仅有财务软件",
            budget_from=1_500_000, budget_to=3_000_000, starts_on="2027-04-01", subdistrict="dinghai-road",
        ),
        [
            firm(
                "Demonstration Takt Software", "示例节拍软件有限公司", AI, CHIPS, staff=85, certificates=["hnte"],
                subdistrict="dinghai-road", business_scope="智能制造系统集成；生产排程软件开发；工业互联网平台运营",
                founded="2014-03-10",
            ),
            firm(
                "Demonstration Plant Eyes", "示例厂眼科技有限公司", AI, staff=140, certificates=["hnte", "specialised"],
                subdistrict="wujiaochang", business_scope="制造执行系统开发；生产过程数据采集；工业自动化控制系统集成",
                founded="2011-06-01",
            ),
            firm(
                "Demonstration Line Control", "示例产线控制技术有限公司", AI, CHIPS, staff=60, certificates=["hnte"],
                business_scope="工业控制软件开发；车间数字化改造；智能工厂设计", founded="2016-09-20",
            ),
        ],
        [
            firm(
                "Demonstration Shop Window", "示例橱窗营销科技有限公司", AI, off="scope", staff=85, certificates=["hnte"],
                subdistrict="dinghai-road", business_scope="网络直播营销；广告设计与发布；电子商务代运营",
                founded="2014-03-10",
            ),
            firm(
                "Demonstration Mill Builders", "示例厂房建设有限公司", DESIGN, off="cluster", staff=85,
                certificates=["hnte"], subdistrict="dinghai-road",
                business_scope="智能制造系统集成；生产排程软件开发；工业互联网平台运营", founded="2014-03-10",
            ),
            firm(
                "Demonstration Two Coders", "示例二人软件工作室", AI, CHIPS, off="staff", staff=2, certificates=["hnte"],
                subdistrict="dinghai-road", business_scope="智能制造系统集成；生产排程软件开发；工业互联网平台运营",
                founded="2014-03-10",
            ),
        ],
    ),
    Case(
        "digital",
        "Demonstration Old Street Foods, a maker of sauces that wants to sell to households through its own channels.",
        listing(
            "digitalisation_partner", "Sales to households", "面向家庭消费者的数字化营销", clusters=[LIFE],
            scope="marketing", process_en="Sales through wholesalers; no data on customers",
            process_zh="经批发商销售，缺乏客户数据", systems_en="A till system and spreadsheets",
            systems_zh="收银系统与电子表格", budget_from=300_000, budget_to=900_000, starts_on="2027-02-15",
            subdistrict="pingliang-road",
        ),
        [
            firm(
                "Demonstration Customer Circle", "示例客群网络科技有限公司", AI, staff=45, certificates=["hnte"],
                subdistrict="pingliang-road", business_scope="电子商务平台开发；会员营销系统；数字广告投放",
                founded="2015-05-18",
            ),
            firm(
                "Demonstration Live Counter", "示例直播柜台文化传媒有限公司", AI, DESIGN, staff=30,
                certificates=["innovative"], subdistrict="pingliang-road",
                business_scope="网络直播营销；电子商务代运营；品牌策划", founded="2018-11-02",
            ),
            firm(
                "Demonstration Brand Data", "示例品牌数据有限公司", AI, staff=70, certificates=["specialised"],
                subdistrict="daqiao", business_scope="营销数据分析；客户关系管理软件开发；广告设计与发布",
                founded="2012-08-08",
            ),
        ],
        [
            firm(
                "Demonstration Conveyor Minds", "示例输送智控科技有限公司", AI, off="scope", staff=45,
                certificates=["hnte"], subdistrict="pingliang-road",
                business_scope="工业控制软件开发；生产排程软件开发；设备远程运维", founded="2015-05-18",
            ),
            firm(
                "Demonstration Shelf Makers", "示例货架制造有限公司", GREEN, off="cluster", staff=45, certificates=["hnte"],
                subdistrict="pingliang-road", business_scope="电子商务平台开发；会员营销系统；数字广告投放",
                founded="2015-05-18",
            ),
            firm(
                "Demonstration Plain Commerce", "示例平川电商有限公司", AI, off="certificates", staff=45, certificates=[],
                subdistrict="pingliang-road", business_scope="电子商务平台开发；会员营销系统；数字广告投放",
                founded="2015-05-18",
            ),
        ],
    ),
]  # fmt: skip
