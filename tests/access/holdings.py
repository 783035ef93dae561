"""What a client owns, with a word of its own in every text: portfolios, securities, a plan, a paste."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.utils import timezone

from portfolios.imports.rows import read_rows
from portfolios.models import WHOLE, Account, Plan, Portfolio, Security
from portfolios.services.holdings import add_holding, delete_holding
from portfolios.services.pasting import save_rows
from portfolios.services.plan_records import digest_of
from portfolios.services.planning import Wanted, plan_for
from portfolios.services.plans import mark_line, save_plan
from portfolios.services.portfolios import add_account, create_portfolio, set_rate
from portfolios.services.samples import add_sample
from portfolios.services.securities import security_for, set_classes, set_price
from portfolios.services.targets import set_target
from portfolios.snapshots import snapshot
from questionnaire.models import ClientProfile
from riskalloc.engine.plans import Kind
from riskalloc.firms.audit import By
from riskalloc.firms.models import Role, User

Word = Callable[[str, Iterable[str]], str]
RATE_BESIDE = "1.34567"  # of another portfolio
OF_SIBLING, OF_FOREIGN = Decimal("7531.25"), Decimal("8642.75")  # so many they hold of something
FULL = Wanted(kind=Kind.FULL)


class Owning:
    """A client who buys things; what is made stands in `made`, as the addresses name it."""

    def __init__(self, client: ClientProfile, user: User, word: Word, sees: Iterable[str]) -> None:
        self.client, self.word, self.sees = client, word, sees
        self.by = By(user=user, name=self.says("portfolio made by"))
        self.made = SimpleNamespace()

    def says(self, label: str) -> str:
        return self.word(label, self.sees)

    def buys(self) -> SimpleNamespace:
        made = self.made
        made.portfolio = self.portfolio("portfolio")
        made.account = self.account(made.portfolio, "account", cash=Decimal(1_000))
        made.unused = self.account(
            made.portfolio, "unused account", is_counted=False, reason=self.says("left out")
        )
        self.rate(made.portfolio, "EUR", "1.12")
        made.security = self.security("symbol", "us_large_cap", "560")
        made.bonds = self.security("other symbol", "us_aggregate", "100")
        made.holding = self.hold(made.account, made.security, reason=self.says("holding's reason"))
        made.other_holding = self.hold(made.account, made.bonds)
        made.deleted = self.hold(made.account, self.security("deleted symbol", "gold", "50"))
        delete_holding(holding=made.deleted, by=self.by)
        self.aims()
        self.plans()
        self.pastes()
        self.begins_others()
        return made

    def portfolio(self, label: str) -> Portfolio:
        values = {"name": f"Demo {self.says(label)}", "currency": "USD"}
        return create_portfolio(client=self.client, portfolio_id=uuid4(), values=values, by=self.by)

    def account(self, portfolio: Portfolio, label: str, **values: Any) -> Account:
        named = {"name": f"Demo {self.says(label)}", "custodian": self.says(f"{label}'s bank")}
        return add_account(
            portfolio=portfolio, account_id=uuid4(), values=named | values, by=self.by
        )

    def rate(self, portfolio: Portfolio, currency: str, rate: str) -> None:
        set_rate(
            portfolio=portfolio,
            currency=currency,
            rate=Decimal(rate),
            typed_on=timezone.localdate(),
            by=self.by,
        )

    def security(self, label: str, held_class: str, price: str) -> Security:
        made = security_for(firm=self.client.firm, symbol=f"Demo {self.says(label)}", by=self.by)
        made = set_classes(
            security=made,
            per_class={held_class: WHOLE},
            name=f"Demo {self.says(f'{label}: name')}",
            version=made.version,
            by=self.by,
        )
        return set_price(
            security=made,
            price=Decimal(price),
            priced_on=timezone.localdate(),
            source=self.says(f"{label}: price source"),
            version=made.version,
            by=self.by,
        )

    def hold(self, account: Account, security: Security, **values: Any) -> Any:
        saved = add_holding(
            account=account,
            security=security,
            holding_id=uuid4(),
            values={"quantity": Decimal(100)} | values,
            by=self.by,
        )
        return saved.holding

    def aims(self) -> None:
        """Far enough from what is held that a plan has something to do."""
        self.made.target = set_target(
            portfolio=self.made.portfolio,
            target_id=uuid4(),
            percents={"us_large_cap": Decimal(50), "us_aggregate": Decimal(50)},
            assessment=getattr(self.client.ownerships.first(), "assessment", None),
            by=self.by,
        )

    def plans(self) -> None:
        made, (switches, seen) = self.made, seen_of(self.made.portfolio)
        made.plan = save_plan(
            portfolio=made.portfolio,
            plan_id=uuid4(),
            wanted=FULL,
            switches=switches,
            seen=seen,
            by=self.by,
        )
        mark_line(
            plan=made.plan, mark_id=uuid4(), line=first_line(made.plan), is_done=True, by=self.by
        )
        made.mark = made.plan.marks.get()

    def pastes(self) -> None:
        text = f"Symbol\tQuantity\tPrice\nDemo {self.says('pasted symbol')}\t1\t10\n"
        self.client.viewer_role = Role.OWNER.value
        self.made.paste = save_rows(
            account=self.made.account,
            client=self.client,
            paste_id=uuid4(),
            rows=read_rows(text).rows,
            by=self.by,
        )

    def begins_others(self) -> None:
        """An empty portfolio, one with the sample, and one with a holding of what the first one has."""
        made = self.made
        made.empty = self.portfolio("empty portfolio")
        made.sampled = self.portfolio("sampled portfolio")
        add_sample(portfolio=made.sampled, by=self.by)
        made.beside = self.portfolio("portfolio beside")
        self.rate(made.beside, "GBP", RATE_BESIDE)
        made.account_beside = self.account(made.beside, "account beside")
        made.holding_beside = self.hold(made.account_beside, made.security)


def seen_of(portfolio: Portfolio) -> tuple[Any, str]:
    """What a page with the full plan sends, to keep it: how it counts, and its digest."""
    found = Portfolio.objects.select_related("policy", "client").get(pk=portfolio.pk)
    now = snapshot(found, timezone.localdate())
    return now.switches, digest_of(plan_for(found, now, FULL))


def first_line(plan: Plan) -> int:
    number: int = plan.result["orders"][0]["number"]
    return number


def hold_in_common(own: Owning, sibling: Owning, word: Word, readers: Iterable[str]) -> Security:
    """A security of the firm that two of its clients have."""
    both = Owning(own.client, own.by.user, word, readers)
    both.by = own.by
    shared = both.security("shared symbol", "us_large_cap", "10")
    own.hold(own.made.account_beside, shared)
    for account in (sibling.made.account, sibling.made.account_beside):
        sibling.hold(account, shared, quantity=OF_SIBLING)
    return shared
