"""Latin letters read as pinyin: the syllables of Standard Chinese and how a word may be cut into them."""

import re
from functools import lru_cache

SYLLABLES = frozenset(
    re.findall(
        r"\S+",
        """
    a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen
    ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci
    cong cou cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du
    duan dui dun duo e ei en eng er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong
    gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang
    hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken
    keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia lian liang liao lie
    lin ling liu lo long lou lu luan lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min
    ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan
    nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao
    qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa sai san
    sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui
    shun shuo si song sou su suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan
    tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun
    ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan
    zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan
    zui zun zuo
    """,
    )
)
_BEGUN = frozenset(syllable[:length] for syllable in SYLLABLES for length in range(1, len(syllable) + 1))
_LONGEST = max(map(len, SYLLABLES))
_READINGS = 4  # of an ambiguous word (xian: 先 or 西安) so many are looked for


@lru_cache(maxsize=2_000)
def readings(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways to read a word as whole syllables, those of few syllables first."""
    found: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(word) + 1):
        here = [
            (*before, word[start:end])
            for start in range(max(0, end - _LONGEST), end)
            if word[start:end] in SYLLABLES
            for before in found[start]
        ]
        found.append(sorted(here, key=len)[:_READINGS])
    return tuple(found[-1]) if word else ()


@lru_cache(maxsize=2_000)
def begun_readings(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways to read a word whose last syllable is still being typed; at least one stands whole before it."""
    found: list[tuple[str, ...]] = []
    for cut in range(max(1, len(word) - _LONGEST), len(word)):
        if word[cut:] in _BEGUN:
            found += [(*before, word[cut:]) for before in readings(word[:cut])]
    return tuple(sorted(found, key=len)[:_READINGS])


def may_be_initials(word: str) -> bool:
    """Whether syllables may begin with these letters; none begins with i, u or v."""
    return word.isascii() and word.isalpha() and not set(word) & set("iuv")
