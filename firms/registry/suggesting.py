"""What was probably meant by a mistyped code: said to a person, never applied."""

from stdnum.cn import uscc

_NEVER_USED = str.maketrans({"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"})
"""Letters that GB 32100-2015 leaves out, for they look like others."""

_ALIKE = ("0DQ", "8B", "6G", "1L7", "UV", "2Z", "5S", "EF", "MN", "PR", "KX", "CG")
_LENGTH = 18


def probable_code(written: str) -> str:
    """Return the one valid code that a slip turns into what was written, or an empty text.

    Args:
        written: in capital letters, without gaps. Slips are: a letter for a digit that looks like it, two neighbours
            the other way round, one character twice, two that look alike.
    """
    if not written.isascii() or not written.isalnum():
        return ""
    if uscc.is_valid(mended := written.translate(_NEVER_USED)):
        return mended
    found = {code for code in _slips(written) if uscc.is_valid(code)}
    return found.pop() if len(found) == 1 else ""


def _slips(written: str) -> set[str]:
    if len(written) == _LENGTH + 1:
        return {written[:n] + written[n + 1 :] for n in range(_LENGTH) if written[n] == written[n + 1]}
    if len(written) != _LENGTH:
        return set()
    swapped = {written[:n] + written[n + 1] + written[n] + written[n + 2 :] for n in range(_LENGTH - 1)}
    alike = {
        written[:n] + other + written[n + 1 :]
        for n, character in enumerate(written)
        for group in _ALIKE
        if character in group
        for other in group
        if other != character
    }
    return swapped | alike
