"""Names: romanised, cut for searching, and made into addresses. Pure functions."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from types import ModuleType

# What a firm's or a place's name is made of; what stands between these is read as one word.
_WORDS = re.findall(
    r"\S+",
    """
    上海 杨浦 中国 有限 有限责任 合伙 企业 公司 股份 集团 分公司 研究院 研究所 研究中心 大学 学院
    中心 医院 学校 园区 科技园 创业园 产业园 投资 管理 基金 资本 咨询 服务 科技 技术 软件 基础
    应用 信息 数据 云计算 计算 网络 互联网 电子 商务 电子商务 人工智能 智能 工业 机器人 集成 电路
    芯片 半导体 装备 设备 设计 生物 医药 医疗 器械 健康 研发 研究 新材料 材料 节能 环保 低碳 能源
    新能源 工程 建筑 城市 数字 内容 文化 传媒 传播 广告 电气 机械 制品 制造 纺织 针纺织 金属 结构
    贸易 国际 教育 培训 体育 理工 财经 海军 军医 交通 示例 发展 实业 系统 通信 光电 精密 自动化
    创新 创业 孵化器 街道 路 新村
    """,
)
_LONGEST = max(map(len, _WORDS))
_KNOWN = frozenset(_WORDS)
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_LEGAL_FORMS = re.compile(
    r"\b(?:co\.?,? ?ltd\.?|company limited|limited|ltd\.?|inc\.?|corp\.?|llc|gmbh"
    r"|(?:gufen )?youxian (?:zeren )?gongsi|gufen)(?=\W|$)"
)
_PLACES = {
    "长海": [["cháng"], ["hǎi"]],
    "长阳": [["cháng"], ["yáng"]],
    "长白": [["cháng"], ["bái"]],
    "殷行": [["yīn"], ["háng"]],
    "长宁": [["cháng"], ["níng"]],
    "重庆": [["chóng"], ["qìng"]],
}


def clean(text: str) -> str:
    """Return what a person sees of a text: compatibility forms, control and invisible characters gone."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if not text.isprintable() or _BLANK_LETTERS.search(text):
        text = "".join(c for c in _BLANK_LETTERS.sub("", text) if c.isspace() or not _is_hidden(c))
    return " ".join(text.split())


def clean_prose(text: str) -> str:
    """Return a text without control and invisible characters, its punctuation as written."""
    return " ".join("".join(c for c in _BLANK_LETTERS.sub("", text) if c.isspace() or not _is_hidden(c)).split())


_BLANK_LETTERS = re.compile("[\u115f\u1160\u3164\uffa0]")  # letters of Hangul that show nothing


def _is_hidden(character: str) -> bool:
    """Whether it is a control, format (bidi, zero-width) or surrogate character."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"}


def clean_chinese(text: str) -> str:
    """Return a Chinese name as the register writes it: no spaces between characters, full-width brackets."""
    text = clean(text)
    if not _CJK.search(text):
        return text
    text = re.sub(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])", "", text)
    return text.replace("(", "（").replace(")", "）")


def has_chinese(text: str) -> bool:
    """Return whether a text has a Chinese character."""
    return bool(_CJK.search(text))


def romanise(name: str) -> str:
    """Return a Chinese name in pinyin, in words: 上海博凯宇生物科技 → Shanghai Bokaiyu Shengwu Keji."""
    if not has_chinese(name):
        return ""
    parts = []
    for word in _split(clean_chinese(name)):
        if has_chinese(word):
            parts.append("".join(_syllables(word)).capitalize())
        else:
            parts.append(word)
    text = " ".join(parts).replace("（", "(").replace("）", ")")
    return re.sub(r"\( | \)", lambda found: found[0].strip(), text)


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> tuple[str, ...]:
    return tuple(_pypinyin().lazy_pinyin(word, errors="ignore"))


@cache
def _pypinyin() -> ModuleType:
    """Load the dictionaries when the first name needs them: they would take a fifth of each start."""
    import pypinyin

    pypinyin.load_phrases_dict(_PLACES)
    return pypinyin


def _split(name: str) -> Iterator[str]:
    """Yield known words as long as possible, and what stands between them."""
    rest, position = "", 0
    while position < len(name):
        word = next(
            (name[position : position + n] for n in range(_LONGEST, 0, -1) if name[position : position + n] in _KNOWN),
            "",
        )
        if not word and _CJK.match(name[position]):
            rest, position = rest + name[position], position + 1
            continue
        if rest:
            yield rest
            rest = ""
        if word:
            yield word
            position += len(word)
        else:
            run = re.match(r"[^\u3400-\u9fff（）\s]+|.", name[position:], re.DOTALL)
            assert run  # noqa: S101 -- the second alternative matches any character
            if run[0].strip():
                yield run[0]
            position += len(run[0])
    if rest:
        yield rest


def slug_base(name_en: str, name_zh: str) -> str:
    """Return the words of an address, from the English name or else the pinyin, without the legal form."""
    text = unicodedata.normalize("NFKD", clean(name_en) or romanise(name_zh)).lower()
    text = _LEGAL_FORMS.sub(" ", text.encode("ascii", "ignore").decode())
    words = re.findall(r"[a-z0-9]+", text)
    slug = "-".join(words)[:90].strip("-")
    return slug or "organisation"


def slug_tail(code: str) -> str:
    """Return what tells apart two organisations of one name: the end of a code, in small letters."""
    return re.sub(r"[^a-z0-9]", "", code.lower())[-6:] or "2"


def grams(text: str) -> set[str]:
    """Return each Chinese character of a text and each pair of neighbours."""
    found: set[str] = set()
    for run in _CJK.findall(clean(text)):
        found.update(run)
        found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found


def wanted_grams(text: str) -> set[str]:
    """Return the grams that a name must have to be found by a text: its pairs, or its single characters."""
    found: set[str] = set()
    for run in _CJK.findall(clean(text)):
        found.update([run] if len(run) == 1 else (run[i : i + 2] for i in range(len(run) - 1)))
    return found


def latin_words(text: str) -> str:
    """Return the words of a text that are not Chinese, in small letters, without legal forms."""
    text = _CJK.sub(" ", clean(text)).casefold()
    text = " ".join(re.sub(r"[^\w\s.&+-]", " ", text).split())
    return " ".join((_LEGAL_FORMS.sub(" ", text) if len(text.split()) > 1 else text).split())


def without_chinese(text: str) -> str:
    """Return a text with a space where it is Chinese."""
    return _CJK.sub(" ", text)


def chinese_runs(text: str) -> list[str]:
    """Return what of a text is Chinese, one piece for each place."""
    return _CJK.findall(clean(text))


def syllables(name: str) -> list[str]:
    """Return the pinyin of a Chinese name, syllable by syllable."""
    if not has_chinese(name):
        return []
    return [part for word in _split(clean_chinese(name)) if has_chinese(word) for part in _syllables(word)]


def brand(name: str) -> str:
    """Return the first part of a Chinese name that is no known word; empty where there is none of two characters."""
    unknown = (word for word in _split(clean_chinese(name)) if word not in _KNOWN and has_chinese(word))
    return next((word for word in unknown if len(word) > 1), "")


@cache
def common_pinyin() -> frozenset[str]:
    """Return the pinyin of the words that many names have."""
    return frozenset("".join(_syllables(word)) for word in _WORDS)
