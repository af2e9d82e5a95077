"""Invented opportunities, in both languages, the same every time."""

from typing import Any, NamedTuple

AI = "ai-internet-digital-content"
CHIPS = "integrated-circuits-intelligent-manufacturing"
LIFE = "life-and-health"
GREEN = "green-and-low-carbon"
DESIGN = "design-and-urban-technology"

UNIVERSITY, PARK, COMPANY = "university", "park", "company"
TEXTILES, MACHINES = "17", "34"
"""Who owns one, beside a firm of its cluster: ``COMPANY`` is the signatory's, the numbers begin industry codes."""


class Listing(NamedTuple):
    """One opportunity: kind, cluster, owner, subdistrict, words, facts."""

    kind: str
    cluster: str
    owner: str
    subdistrict: str
    title_en: str
    title_zh: str
    summary_en: str
    summary_zh: str
    text_en: str
    text_zh: str
    facts: dict[str, Any]


def _capital(stage: str, instrument: str, sought: int, secured: int, use_en: str, use_zh: str) -> dict[str, Any]:
    return {
        "stage": stage, "instrument": instrument, "amount_sought": sought, "amount_secured": secured,
        "use_en": use_en, "use_zh": use_zh,
    }  # fmt: skip


def _offer(
    object_kind: str, trl: int, mode: str, export: str, price: tuple[Any, ...] = ("negotiable",)
) -> dict[str, Any]:
    return {
        "object_kind": object_kind, "trl": trl, "mode": mode, "export_declaration": export, "disclosure_checked": True,
        **dict(zip(("price_kind", "price_from", "price_to"), price, strict=False)),
    }  # fmt: skip


PUBLISHED = [
    Listing(
        "capital_sought",
        AI,
        COMPANY,
        "wujiaochang",
        "Series A for speech analysis in customer service",
        "客服语音分析项目A轮融资",
        "A software firm raises capital to bring its speech analysis to hospitals and utilities.",
        "软件企业募集资金，将语音分析产品推广至医院与公用事业领域。",
        "The product recognises what callers need and prepares the answer for the person at the desk. Two pilot "
        "customers use it daily. The round pays for sales staff and for certification in health care.",
        "产品识别来电需求并为坐席准备答复，已有两家试点客户日常使用。本轮资金用于组建销售团队及取得医疗领域认证。",
        _capital("series_a", "equity", 30_000_000, 8_000_000, "Sales, certification", "市场拓展与医疗认证"),
    ),
    Listing(
        "capital_sought",
        CHIPS,
        CHIPS,
        "xinjiangwancheng",
        "Growth capital for inspection machines in chip packaging",
        "芯片封装检测设备成长期融资",
        "A maker of optical inspection machines expands its assembly line in the north of the district.",
        "光学检测设备企业拟在区内北部扩建装配线。",
        "The machines find faults in packaged chips at production speed. Orders for the coming year exceed the "
        "capacity of the present workshop. Investors with customers abroad are welcome.",
        "设备可按生产节拍检测封装缺陷。明年订单已超现有产能，欢迎具有海外客户资源的投资者。",
        _capital("growth", "equity", 80_000_000, 35_000_000, "Second assembly line", "第二条装配线"),
    ),
    Listing(
        "capital_sought",
        LIFE,
        LIFE,
        "changbai-xincun",
        "Seed round for home rehabilitation devices",
        "居家康复设备种子轮融资",
        "A young team builds devices with which patients train their hands at home after a stroke.",
        "初创团队研发脑卒中患者居家手部训练设备。",
        "A first prototype was tested with volunteers. The round pays for the registration as a medical device and a "
        "small series of 200 devices.",
        "首台样机已完成志愿者测试。本轮资金用于医疗器械注册及小批量试制二百台。",
        _capital("seed", "convertible", 5_000_000, 1_000_000, "Registration, first series", "注册申报与首批试制"),
    ),
    Listing(
        "capital_sought",
        GREEN,
        GREEN,
        "dinghai-road",
        "Project finance for heat storage in industrial parks",
        "园区储热项目融资",
        "Stored night-time electricity heats workshops by day; the firm finances its first three sites.",
        "利用夜间电力储热、白天供热，企业为首批三个项目融资。",
        "Contracts with three parks are signed. Revenue comes from the heat that is sold over ten years.",
        "已与三家园区签约，收益来自未来十年的供热收入。",
        _capital("growth", "asset", 45_000_000, 15_000_000, "Three heat-storage sites", "三个储热站点建设"),
    ),
    Listing(
        "capital_sought",
        DESIGN,
        DESIGN,
        "siping-road",
        "Angel round for planning software of old neighbourhoods",
        "老旧小区更新规划软件天使轮融资",
        "Planners see at once what a change costs and whom it helps.",
        "规划人员可即时了解改造方案的成本与受益人群。",
        "The software joins survey data with building rules. Four design institutes test it. The team looks for an "
        "investor who knows public customers.",
        "软件将测绘数据与建筑规范相结合，四家设计院正在试用，希望引入熟悉公共部门客户的投资者。",
        _capital("angel", "equity", 8_000_000, 0, "Development and first contracts", "产品研发与首批签约"),
    ),
    Listing(
        "capital_sought",
        AI,
        AI,
        "daqiao",
        "Venture debt for a cloud rendering service",
        "云渲染服务风险债融资",
        "A profitable service for film studios buys its next generation of computers.",
        "面向影视制作企业的盈利服务，拟购置新一代算力设备。",
        "Revenue has grown for three years and covers interest. The debt is secured on the computers.",
        "收入连续三年增长，足以覆盖利息，以设备作为担保。",
        _capital("series_b", "debt", 20_000_000, 6_000_000, "Computers", "算力设备"),
    ),
    Listing(
        "technology_offered",
        LIFE,
        UNIVERSITY,
        "siping-road",
        "Blood test that tells bacterial from viral infection",
        "区分细菌与病毒感染的血液检测技术",
        "A patented panel of five markers, measured on common laboratory machines.",
        "一组五项标志物检测，已获专利授权，可在常规仪器上完成。",
        "The panel was measured on 600 samples of two hospitals. The licence covers the panel and the evaluation "
        "software; the laboratory helps with the transfer for one year.",
        "已在两家医院的六百份样本上完成验证。许可范围含检测组合与判读软件，实验室提供一年转化支持。",
        _offer("patent", 6, "licence_exclusive", "free", ("range", 2_000_000, 5_000_000)),
    ),
    Listing(
        "technology_offered",
        CHIPS,
        UNIVERSITY,
        "wujiaochang",
        "Layout design for a low-power sensor chip",
        "低功耗传感芯片布图设计",
        "A registered layout for sensors that run for years on one battery.",
        "已登记的布图设计，适用于单电池可工作数年的传感器。",
        "Chips of two production runs were measured. Partners may license the layout or commission a variant.",
        "已完成两次流片测试，可许可使用或委托开发变型。",
        _offer("ic_layout", 7, "licence_non_exclusive", "restricted", ("fixed", 800_000)),
    ),
    Listing(
        "technology_offered",
        GREEN,
        UNIVERSITY,
        "siping-road",
        "Recycling of facade glass without melting",
        "免熔建筑玻璃再生技术",
        "Laboratory research: old panes become new panels with a tenth of the energy.",
        "实验室成果：以约十分之一能耗将旧玻璃再生为板材。",
        "The process works in the laboratory at the size of one square metre. The university looks for a partner who "
        "builds a pilot line.",
        "该工艺已在实验室完成一平方米样品，高校寻求合作方共建中试线。",
        _offer("laboratory_research", 4, "development", "not_assessed"),
    ),
    Listing(
        "technology_offered",
        AI,
        AI,
        "wujiaochang",
        "Software copyright: layout recognition of old documents",
        "历史档案版面识别软件著作权",
        "Reads printed columns, tables and stamps of the last century.",
        "可识别上世纪档案中的竖排文字、表格与印章。",
        "Two archives use the software. A licence per server or a transfer of the copyright is possible.",
        "已有两家档案馆使用，可按服务器许可或整体转让。",
        _offer("software_copyright", 9, "transfer", "free", ("negotiable",)),
    ),
    Listing(
        "technology_offered",
        GREEN,
        GREEN,
        "yinhang",
        "Know-how for leak detection in water pipes",
        "供水管网漏损检测专有技术",
        "Sensors and evaluation that locate leaks to within two metres.",
        "通过传感与分析，将漏点定位至两米以内。",
        "Proven on 40 kilometres of pipes. Training of the customer's staff is included.",
        "已在四十公里管网上验证，含客户人员培训。",
        _offer("know_how", 8, "service", "not_assessed", ("royalty",)),
    ),
    Listing(
        "technology_offered",
        LIFE,
        LIFE,
        "changhai-road",
        "Sole licence: carrier for skin-friendly plasters",
        "亲肤敷料载体技术独家（排他）许可",
        "A patented material that holds for a week and comes off without pain.",
        "专利材料，可贴敷一周且无痛揭除。",
        "Biocompatibility tests are complete. The owner keeps its own production and grants one licence.",
        "已完成生物相容性测试。权利人保留自用，仅授予一家许可。",
        _offer("biomedicine", 6, "licence_sole", "free", ("royalty",)),
    ),
    Listing(
        "technology_needed",
        CHIPS,
        MACHINES,
        "yinhang",
        "Wanted: monitoring of tool wear in milling",
        "需求：铣削刀具磨损在线监测",
        "A manufacturer wants to know when a tool must be changed, before the part is spoiled.",
        "制造企业希望在零件报废之前获知刀具更换时机。",
        "Twelve machines of three makes. The solution must work without changing their controls.",
        "涉及三种品牌共十二台机床，不得改动其控制系统。",
        {"object_kind": "know_how", "trl": 6, "mode": "development", "budget": 1_200_000},
    ),
    Listing(
        "technology_needed",
        LIFE,
        LIFE,
        "changbai-xincun",
        "Wanted: stable coating for biosensors",
        "需求：生物传感器稳定涂层",
        "Sensors must keep their accuracy for fourteen days on the skin.",
        "传感器在皮肤表面需保持十四天精度。",
        "The firm tests candidates in its own laboratory and licenses what works.",
        "企业自有实验室负责测试，对有效方案取得许可。",
        {"object_kind": "patent", "trl": 4, "mode": "licence_non_exclusive", "budget": 2_000_000},
    ),
    Listing(
        "technology_needed",
        AI,
        COMPANY,
        "wujiaochang",
        "Wanted: small language model for Shanghainese speech",
        "需求：沪语语音小模型",
        "Elderly callers speak Shanghainese; the service must understand them.",
        "老年来电者常讲沪语，服务需能听懂。",
        "Training data of 300 hours with the consent of the speakers is available. Universities are welcome.",
        "已有经授权的三百小时语料，欢迎高校合作。",
        {"object_kind": "software_copyright", "trl": 5, "mode": "development", "budget": 600_000},
    ),
    Listing(
        "digitalisation_partner",
        CHIPS,
        MACHINES,
        "dinghai-road",
        "Partner sought: order tracking through a machine works",
        "寻求合作：机械加工厂订单全程跟踪",
        "Paper slips travel on every pallet: the works wants to see each order in real time.",
        "车间仍以纸质流转卡管理，希望实时掌握每一订单。",
        "About 400 orders run at the same time. The partner begins with one hall and proves the gain before the rest "
        "follows.",
        "同时在制订单约四百个。先在一个车间试点，见效后推广。",
        {"scope": "production", "budget": 1_500_000, "starts_on": "2027-03-01"},
    ),
    Listing(
        "digitalisation_partner",
        DESIGN,
        TEXTILES,
        "pingliang-road",
        "Partner sought: online sales of household textiles abroad",
        "寻求合作：家用纺织品跨境线上营销",
        "A textile maker sells through dealers and wants to reach customers in Europe itself.",
        "纺织企业目前依靠经销商，希望直接面向欧洲消费者。",
        "The partner builds shop, photographs and logistics, and is paid by share of sales in the second year.",
        "合作方负责店铺、拍摄与物流，第二年起按销售分成。",
        {"scope": "marketing", "budget": 500_000, "starts_on": "2027-02-15"},
    ),
    Listing(
        "talent_programme",
        AI,
        UNIVERSITY,
        "wujiaochang",
        "Industry year for master's students of computing",
        "计算机硕士企业实践年",
        "Students work on a firm's own problem for a year, with a supervisor on each side.",
        "学生在校企双导师指导下，用一年时间解决企业实际课题。",
        "Firms of the district propose topics until the end of the year. The firm pays the student's stipend.",
        "区内企业可在年底前申报课题，并承担学生津贴。",
        {"places": 40, "starts_on": "2027-09-01"},
    ),
    Listing(
        "talent_programme",
        LIFE,
        UNIVERSITY,
        "siping-road",
        "Postdoctoral places shared with firms",
        "校企联合博士后岗位",
        "Two years, half in the laboratory, half in the firm.",
        "为期两年，实验室与企业各半。",
        "Open to researchers from any country. Housing support follows the district's talent programmes.",
        "面向各国研究人员，住房支持参照区人才政策。",
        {"places": 8, "starts_on": "2027-07-01"},
    ),
    Listing(
        "joint_lab",
        CHIPS,
        UNIVERSITY,
        "siping-road",
        "Joint laboratory for robot joints",
        "机器人关节联合实验室",
        "The university brings test benches and staff, the firm brings questions and a part of the cost.",
        "高校提供试验平台与人员，企业提出课题并分担费用。",
        "The laboratory runs for three years. Results are shared by contribution, as agreed before it begins.",
        "实验室运行三年，成果按事先约定的贡献分享。",
        {"budget": 6_000_000, "places": 12, "starts_on": "2027-04-01"},
    ),
    Listing(
        "joint_lab",
        GREEN,
        UNIVERSITY,
        "jiangpu-road",
        "Joint laboratory for low-carbon building materials",
        "低碳建材联合实验室",
        "Open to a maker of building materials and a developer who tries them on site.",
        "面向建材企业及可提供现场试用的开发企业。",
        "Two demonstration walls stand on the campus. The next step is a building of the partner.",
        "校内已建成两面示范墙体，下一步拟在合作方项目中应用。",
        {"budget": 4_000_000, "places": 8, "starts_on": "2027-05-10"},
    ),
    Listing(
        "premises",
        AI,
        PARK,
        "wujiaochang",
        "Demonstration listing: one office floor at the Knowledge & Innovation Community",
        "示例载体：大创智整层办公",
        "Light from two sides, meeting rooms shared with the house.",
        "双面采光，共享会议室。",
        "The floor can be divided into two. Network and access control are there; furniture is not.",
        "可分割为两个单元，已配网络与门禁，不含家具。",
        {
            "area": 860,
            "rent": "5.20",
            "available_from": "2027-01-01",
            "park_en": "Knowledge & Innovation Community",
            "park_zh": "大创智",
        },
    ),
    Listing(
        "premises",
        CHIPS,
        PARK,
        "dinghai-road",
        "Demonstration listing: workshop at the Changyang Campus",
        "示例载体：长阳创谷试制车间",
        "A former textile hall with crane, loading dock and offices above.",
        "原纺织厂房改造，配行车与装卸平台，二层为办公。",
        "Floor load two tonnes per square metre. Suited to prototypes and small series.",
        "楼面荷载每平方米两吨，适合试制与小批量生产。",
        {
            "area": 2400,
            "rent": "3.60",
            "available_from": "2027-02-01",
            "park_en": "Changyang Campus",
            "park_zh": "长阳创谷",
        },
    ),
    Listing(
        "premises",
        LIFE,
        PARK,
        "xinjiangwancheng",
        "Demonstration listing: laboratory units at Bay Valley",
        "示例载体：湾谷实验室单元",
        "Three units with fume cupboards and treated waste water.",
        "三个单元，配通风柜与废水处理。",
        "Suited to chemistry and biology of low hazard. Units can be rented one by one.",
        "适用于低风险化学与生物实验，可单独承租。",
        {"area": 1350, "rent": "4.80", "available_from": "2027-03-15", "park_en": "Bay Valley", "park_zh": "湾谷"},
    ),
]

UNFINISHED = [
    ("submitted", Listing(
        "capital_sought", GREEN, COMPANY, "wujiaochang", "Series B for building-energy software", "建筑能耗软件B轮融资",
        "The software finds where a building wastes energy.", "软件可定位建筑能耗浪费环节。",
        "Sixty buildings use it.", "已有六十栋建筑使用。",
        _capital("series_b", "equity", 50_000_000, 10_000_000, "Expansion to the delta", "拓展长三角市场"),
    )),
    ("submitted", Listing(
        "technology_offered", AI, UNIVERSITY, "wujiaochang", "Patent: camera that sees gas leaks",
            "专利：可视化气体泄漏相机",
        "A camera shows leaks that the eye cannot see.", "相机可显示肉眼不可见的泄漏。",
        "Tested in two plants.", "已在两家工厂试用。",
        _offer("patent", 7, "licence_exclusive", "not_assessed", ("negotiable",)),
    )),
    ("returned", Listing(
        "technology_needed", AI, COMPANY, "wujiaochang", "Wanted: anonymisation of speech recordings",
            "需求：语音录音匿名化",
        "Recordings are to be used without revealing the speaker.", "在不泄露说话人身份的前提下使用录音。",
        "Details on request.", "详情面议。", {"object_kind": "know_how", "budget": 300_000},
    )),
    ("draft", Listing(
        "digitalisation_partner", AI, COMPANY, "wujiaochang", "Partner sought: accounting that talks to the tax portal",
        "寻求合作：与电子税务对接的财务系统", "", "", "", "", {"scope": "management"},
    )),
]  # fmt: skip
"""What is not on the site yet, with its status; it belongs to the accounts' own organisations."""
