"""How somebody looks at a portfolio at the moment: in the address, never stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from riskalloc.engine.positions import Switches

LONGEST_NUMBER = 4  # digits of a page
WORDS = {True: "yes", False: "no"}
ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`cash` and `left_out` are None where they are as the policy says."""

    page: int = 1
    cash: bool | None = None
    left_out: bool | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Look":
        """What cannot be read is as usual."""
        page = query.get("page", "")
        is_number = page.isascii() and page.isdecimal() and len(page) <= LONGEST_NUMBER
        return cls(
            page=int(page) if is_number else 1,
            cash=ANSWERS.get(query.get("cash", "")),
            left_out=ANSWERS.get(query.get("left_out", "")),
        )

    def switches(self, usual: Switches) -> Switches:
        return Switches(
            counts_cash=usual.counts_cash if self.cash is None else self.cash,
            counts_excluded=usual.counts_excluded if self.left_out is None else self.left_out,
        )

    def query(self, **changes: str) -> str:
        """For an address, with its question mark where there is anything to say."""
        said = {"cash": self.cash, "left_out": self.left_out}
        words = {name: WORDS[value] for name, value in said.items() if value is not None}
        page = {"page": str(self.page)} if self.page > 1 else {}
        query = urlencode({**words, **page, **changes})
        return f"?{query}" if query else ""
