"""How hard a text is to read: the Flesch-Kincaid grade, in years of school."""

import re
from collections.abc import Iterable

from pyphen import Pyphen

WORD = re.compile(r"[$\w%][\w$%,.'’-]*")
END = re.compile(r"(?<=[.!?:])[”\"]?\s+")
PLACEHOLDER = re.compile(r"\{[^}]*\}")
SILENT = re.compile(r"(?<![aeiouyl])e$|(?<=[aeiou][^aeiou])es?$|(?<![td])ed$")
HYPHENS = Pyphen(lang="en_US")


def grade(texts: Iterable[str]) -> float:
    """Grade of all texts together; each text ends a sentence, and so does a full stop or a colon."""
    sentences = [words(part) for text in texts for part in END.split(text) if words(part)]
    found = [word for sentence in sentences for word in sentence]
    per_sentence = len(found) / len(sentences)
    return 0.39 * per_sentence + 11.8 * sum(map(syllables, found)) / len(found) - 15.59


def words(text: str) -> list[str]:
    """The words, with an amount where the text leaves room for one."""
    return WORD.findall(PLACEHOLDER.sub("$10,000", text))


def syllables(word: str) -> int:
    """Pyphen never parts a single letter, so count the groups of vowels as well; the higher counts."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    vowels = re.findall(r"[aeiouy]+", SILENT.sub("", letters))
    return max(len(HYPHENS.positions(word)) + 1, len(vowels))
