"""Amounts in words, held against the examples of the rule and against values that are easily written wrong."""

from decimal import Decimal

import pytest

from portal.amount_words import chinese_words, english_words

# The first six are the examples of annex 1 of the Payment and Settlement Measures.
KNOWN = [
    ("1409.50", "人民币壹仟肆佰零玖元伍角", "one thousand four hundred and nine yuan and fifty fen"),
    ("6007.14", "人民币陆仟零柒元壹角肆分", "six thousand and seven yuan and fourteen fen"),
    ("1680.32", "人民币壹仟陆佰捌拾元叁角贰分", "one thousand six hundred and eighty yuan and thirty-two fen"),
    ("107000.53", "人民币壹拾万柒仟元伍角叁分", "one hundred and seven thousand yuan and fifty-three fen"),
    ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分", "sixteen thousand four hundred and nine yuan and two fen"),
    ("325.04", "人民币叁佰贰拾伍元零肆分", "three hundred and twenty-five yuan and four fen"),
    ("0", "人民币零元整", "zero yuan"),
    ("0.01", "人民币壹分", "one fen"),
    ("0.30", "人民币叁角", "thirty fen"),
    ("10", "人民币壹拾元整", "ten yuan"),
    ("110", "人民币壹佰壹拾元整", "one hundred and ten yuan"),
    ("1001", "人民币壹仟零壹元整", "one thousand and one yuan"),
    ("10010", "人民币壹万零壹拾元整", "ten thousand and ten yuan"),
    ("500000", "人民币伍拾万元整", "five hundred thousand yuan"),
    ("1000100", "人民币壹佰万零壹佰元整", "one million one hundred yuan"),
    ("15000000", "人民币壹仟伍佰万元整", "fifteen million yuan"),
    ("14999999.99", "人民币壹仟肆佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
     "fourteen million nine hundred and ninety-nine thousand nine hundred and ninety-nine yuan and ninety-nine fen"),
    ("20000300", "人民币贰仟万零叁佰元整", "twenty million three hundred yuan"),
    ("100070000", "人民币壹亿零柒万元整", "one hundred million seventy thousand yuan"),
    ("9000000000000.09", "人民币玖万亿元零玖分", "nine trillion yuan and nine fen"),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "chinese", "english"), KNOWN)
def test_amount_is_written_as_the_rule_writes_it(amount: str, chinese: str, english: str) -> None:
    assert (chinese_words(Decimal(amount)), english_words(Decimal(amount))) == (chinese, english)


@pytest.mark.parametrize("amount", ["-1", "0.001", "NaN", "Infinity", "1e16"])
@pytest.mark.parametrize("write", [chinese_words, english_words])
def test_what_is_no_amount_is_refused(amount: str, write: object) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        write(Decimal(amount))  # type: ignore[operator]


def test_every_amount_reads_back_as_itself() -> None:
    digits = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
    units = {"拾": 10, "佰": 100, "仟": 1000}
    for number in [*range(1, 12_000), 100_000, 1_010_101, 15_000_000, 10_000_001]:
        total, section, digit = 0, 0, 0
        for character in chinese_words(Decimal(number)).removeprefix("人民币").removesuffix("元整"):
            if character in digits:
                digit = digits[character]
            elif character in units:
                section, digit = section + digit * units[character], 0
            else:
                total, section, digit = (total + section + digit) * 10_000, 0, 0
        assert total + section + digit == number
