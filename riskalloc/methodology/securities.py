"""The shape of the built-in list of securities: what is in a fund, and what a name lets one guess."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from riskalloc.engine.amounts import require
from riskalloc.engine.holding_classes import HoldingClass

Percents = Mapping[HoldingClass, int]
WHOLE = 100
SYMBOL = re.compile(r"[A-Z0-9.]{1,10}")
WORD = re.compile(r"[a-z0-9]+")
LONGEST_SINGULAR = 3  # REITs and bonds lose their s, "gas" keeps it


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Securities with the same look-through. `classes` are percent; what they leave is unclassified."""

    remark: str
    as_of: date
    classes: Percents
    securities: Mapping[str, str]  # names by symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a name says that has all the words of one of `words`. No classes: better not guessed."""

    words: tuple[str, ...]
    classes: Percents

    def fits(self, name_words: frozenset[str]) -> bool:
        return any(words_of(phrase) <= name_words for phrase in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSecurity:
    symbol: str
    name: str
    classes: Percents
    remark: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityList:
    """One published version of the list."""

    version: str
    released: date
    groups: tuple[Group, ...]
    guesses: tuple[Guess, ...]

    def __post_init__(self) -> None:
        symbols = [symbol for group in self.groups for symbol in group.securities]
        twice = sorted({symbol for symbol in symbols if symbols.count(symbol) > 1})
        require(not twice, f"Listed twice: {', '.join(twice)}.")
        for symbol in symbols:
            require(bool(SYMBOL.fullmatch(symbol)), f"“{symbol}” is no symbol in capitals.")
        for group in self.groups:
            require(bool(group.securities), f"“{group.remark}” lists nothing.")
            require(bool(group.remark.strip()), "Every group says where its figures come from.")
            require(all(group.securities.values()), "Every security has a name.")
            check(group.classes)
        for guess in self.guesses:
            check(guess.classes)
            require(all(map(words_of, guess.words)), "A guess without words fits everything.")

    def listed(self, symbol: str) -> ListedSecurity | None:
        """What the list knows of a symbol; upper and lower case are the same."""
        symbol = symbol.strip().upper()
        for group in self.groups:
            if name := group.securities.get(symbol):
                return ListedSecurity(
                    symbol=symbol,
                    name=name,
                    classes=group.classes,
                    remark=group.remark,
                    as_of=group.as_of,
                )
        return None

    def guessed(self, name: str) -> Percents:
        """Percent of each class as the words of a name suggest it: the first guess that fits, or none."""
        name_words = words_of(name)
        for guess in self.guesses:
            if guess.fits(name_words):
                return guess.classes
        return {}


def check(classes: Percents) -> None:
    require(HoldingClass.UNCLASSIFIED not in classes, "What is unclassified is left out.")
    require(min(classes.values(), default=1) > 0, f"A class has more than 0 %: {dict(classes)}.")
    require(sum(classes.values()) <= WHOLE, f"Classes add up to 100 % at most: {dict(classes)}.")


def words_of(text: str) -> frozenset[str]:
    """Words and numbers in lower case, plurals without their s; `S&P 500` is s, p and 500."""
    return frozenset(map(_singular, WORD.findall(text.lower())))


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > LONGEST_SINGULAR else word
