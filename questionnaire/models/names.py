"""Names as a search compares them: without accents, capitals and punctuation, each word after a space."""

import unicodedata

from riskalloc.firms.models import LONGEST_NAME

# Letters that Unicode does not take apart into a letter and its accent.
ALIKE = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "\u0131": "i",
        "ħ": "h",
    }
)


def words_of(text: str) -> list[str]:
    """`José-María O’Brien` gives jose, maria, o, brien."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(ALIKE))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in bare.casefold()).split()


def folded(name: str) -> str:
    """A space before each word: whatever begins a word is found as ` begins`, wherever the word stands."""
    return "".join(f" {word}" for word in words_of(name))[:LONGEST_NAME]
