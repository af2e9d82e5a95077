"""Firms that look for premises."""

from tests.investors.match_grading.cases import Case, premises

PREMISES = [
    Case(
        "premises",
        "Demonstration Assay Biotech, a growing firm that needs a laboratory in the north of the district by March 2027.",
        {
            "area_min": 400, "area_max": 900, "rent_max": 6, "needed_from": "2027-03-01", "uses": ["laboratory"],
            "subdistricts": ["xinjiangwancheng", "wujiaochang", "yinhang"],
        },
        [
            premises(
                "Laboratory floor with fume hoods", "带通风柜的实验室楼层", "xinjiangwancheng", area=620, rent=5.2,
                available_from="2027-01-15", premises_use="laboratory", park_en="Demonstration Park",
                park_zh="示例园区",
            ),
            premises(
                "Half a floor for wet laboratories", "湿实验半层", "wujiaochang", area=450, rent=6,
                available_from="2026-12-01", premises_use="laboratory",
            ),
            premises(
                "Laboratory by the canal", "运河边实验楼", "yinhang", area=880, rent=4.5,
                available_from="2027-02-28", premises_use="laboratory", park_en="Demonstration Canal Works",
                park_zh="示例运河工坊",
            ),
        ],
        [
            premises(
                "Laboratory floor at the riverside", "滨江实验室楼层", "pingliang-road", off="subdistrict", area=620,
                rent=5.2, available_from="2027-01-15", premises_use="laboratory", park_en="Demonstration Park",
                park_zh="示例园区",
            ),
            premises(
                "Laboratory floor with a view", "景观实验室楼层", "xinjiangwancheng", off="rent", area=620, rent=9.8,
                available_from="2027-01-15", premises_use="laboratory", park_en="Demonstration Park",
                park_zh="示例园区",
            ),
            premises(
                "Laboratory floor, free in a year", "明年底可交付的实验室楼层", "xinjiangwancheng", off="available",
                area=620, rent=5.2, available_from="2027-12-31", premises_use="laboratory",
                park_en="Demonstration Park", park_zh="示例园区",
            ),
        ],
    ),
    Case(
        "premises",
        "Demonstration Small Robots, twenty people who want an office with room to build, anywhere near the river.",
        {
            "area_min": 250, "area_max": 500, "rent_max": 4.5, "needed_from": "2027-06-01",
            "uses": ["workshop", "mixed"], "subdistricts": ["pingliang-road", "dinghai-road", "daqiao"],
        },
        [
            premises(
                "Workshop in a former cotton mill", "原棉纺厂车间", "dinghai-road", area=380, rent=3.6,
                available_from="2027-05-01", premises_use="workshop", park_en="Demonstration Mill",
                park_zh="示例纱厂",
            ),
            premises(
                "Office with a hall behind it", "前店后厂式空间", "pingliang-road", area=300, rent=4.4,
                available_from="2027-01-01", premises_use="mixed",
            ),
            premises(
                "Ground floor with a gate for lorries", "可通货车的底层空间", "daqiao", area=480, rent=4,
                available_from="2027-06-01", premises_use="mixed", park_en="Demonstration Yard", park_zh="示例大院",
            ),
        ],
        [
            premises(
                "Whole hall of a former cotton mill", "原棉纺厂整幢厂房", "dinghai-road", off="area", area=2_600, rent=3.6,
                available_from="2027-05-01", premises_use="workshop", park_en="Demonstration Mill",
                park_zh="示例纱厂",
            ),
            premises(
                "Offices in a former cotton mill", "原棉纺厂办公空间", "dinghai-road", off="use", area=380, rent=3.6,
                available_from="2027-05-01", premises_use="office", park_en="Demonstration Mill",
                park_zh="示例纱厂",
            ),
            premises(
                "Restored workshop of a cotton mill", "原棉纺厂精装车间", "dinghai-road", off="rent", area=380, rent=7.9,
                available_from="2027-05-01", premises_use="workshop", park_en="Demonstration Mill",
                park_zh="示例纱厂",
            ),
        ],
    ),
]  # fmt: skip
