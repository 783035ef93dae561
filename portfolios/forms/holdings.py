"""What people type into one row of the holdings."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from unicodedata import category
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolios.forms.accounts import MOST_RATE, check_day
from portfolios.forms.fields import DecimalField, money_field, sign_of, version_field
from portfolios.models import CLASSES, Account, Holding, HoldingRole, Security
from portfolios.models.fixed import MONEY_PLACES, PRICE_PLACES, QUANTITY_PLACES, RATE_PLACES
from portfolios.models.portfolios import LONGEST_REASON
from portfolios.models.securities import LONGEST_SYMBOL
from portfolios.services.rows import Entry
from portfolios.valuing import MOST_VALUE
from questionnaire.forms.clients import CURRENCIES, PlainForm, date_field
from riskalloc.engine.amounts import plain
from riskalloc.firms.forms import RELOAD, SentOnce
from riskalloc.web.numbers import exact_text

NOTHING = Decimal(0)
# What a column holds, with room to spare.
MOST_QUANTITY = Decimal(10) ** 10
MOST_PRICE = Decimal(10) ** 9
MORE = ("role", "frozen_until", "reason", "cost_basis", "acquired_on", "priced_on")


class SymbolField(forms.CharField):
    """One line that shows something; runs of spaces become one."""

    def __init__(self) -> None:
        too_long = _("A symbol has at most {most} characters. Shorten it.")
        super().__init__(
            label=_("Symbol or name"),
            max_length=LONGEST_SYMBOL,
            error_messages={
                "required": _("Enter a symbol, like VTI, or a name"),
                "max_length": too_long.format(most=LONGEST_SYMBOL),
            },
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
            ),
        )

    def to_python(self, value: Any) -> str:
        text = " ".join((super().to_python(value) or "").split())
        is_seen = any(category(character)[0] not in "CZ" for character in text)
        return text if is_seen else ""


class FigureField(DecimalField):
    """A number above 0, whose messages name it."""

    def __init__(self, *, called: str, **kwargs: Any) -> None:
        self.called = called
        super().__init__(above=NOTHING, example="12.5", **kwargs)

    def check_range(self, number: Decimal) -> None:
        if number <= NOTHING:
            raise ValidationError(_("{name} must be more than 0").format(name=self.called))
        if number > self.most:
            say = _("{name} must be at most {most}")
            raise ValidationError(say.format(name=self.called, most=exact_text(self.most)))


def figure_field(
    label: str, *, places: int, most: Decimal = MOST_VALUE, called: str = "", unit: str = ""
) -> FigureField:
    return FigureField(
        label=label, required=False, places=places, most=most, called=called or label, unit=unit
    )


class HoldingForm(PlainForm):
    """A row in the making: a symbol with a value, or with a quantity and a price."""

    symbol = SymbolField()
    quantity = figure_field(_("Quantity"), places=QUANTITY_PLACES, most=MOST_QUANTITY)
    price = figure_field(_("Price"), places=PRICE_PLACES, most=MOST_PRICE)
    value = figure_field(_("or value"), places=MONEY_PLACES, called=_("Value"))
    # In what the price was asked for, where that is not the currency of the account.
    price_currency = forms.ChoiceField(
        choices=[(code, code) for code in CURRENCIES],
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": RELOAD},
    )

    def __init__(self, accounts: Iterable[Account], base: str, *args: Any, **kwargs: Any) -> None:
        """`accounts` are the portfolio's, `base` its currency."""
        super().__init__(*args, **kwargs)
        self.accounts = {str(account.pk): account for account in accounts}
        self.base = base
        currencies = {account.currency for account in self.accounts.values()} | {base}
        if len(currencies) == 1:
            self.set_unit(("price", "value"), base)
        if self.accounts:
            self.fields["account"] = self.account_field()

    def focus_on(self, name: str) -> None:
        """Where the cursor stands after htmx has put the form in its place."""
        self.fields[name].widget.attrs["data-focus"] = True

    def focus_on_what_is_wrong(self) -> None:
        wrong = next((name for name in self.fields if name in self.errors), None)
        if wrong:
            self.focus_on(wrong)

    def account_field(self) -> forms.ChoiceField:
        missing = _("Select one of your accounts")
        return forms.ChoiceField(
            label=_("Account"),
            choices=[(key, self.named(account)) for key, account in self.accounts.items()],
            error_messages=dict.fromkeys(("required", "invalid_choice"), missing),
        )

    def named(self, account: Account) -> str:
        return account.name if account.currency == self.base else f"{account} ({account.currency})"

    def set_unit(self, names: Iterable[str], currency: str) -> None:
        for name in names:
            self.fields[name].unit = sign_of(currency)  # type: ignore[attr-defined]

    def ask_for_rate(self, currency: str) -> None:
        """One more field, because nobody has said yet what a currency is worth."""
        label = _("1 {currency} in {base}").format(currency=currency, base=self.base)
        rate = figure_field(label, places=RATE_PLACES, most=MOST_RATE, called=_("The rate"))
        rate.required = True
        rate.error_messages["required"] = _("Enter what 1 {currency} is worth, like 1.0832").format(
            currency=currency
        )
        self.fields["rate"] = rate
        self.fields["rate_currency"] = forms.CharField(widget=forms.HiddenInput)

    def put_hidden(self, name: str, value: str) -> None:
        """What goes along with the form when it is sent again."""
        self.data = {**{sent: self.data.get(sent) for sent in self.data}, name: value}

    def refuse_price_in(self, currency: str, symbol: str) -> None:
        """The firm has its price in another currency than the one that was asked for."""
        self.put_hidden("price_currency", currency)
        self.set_unit(("price",), currency)
        say = _("{symbol} is priced in {currency}. Enter that price, or enter a value instead.")
        self.add_error("price", say.format(symbol=symbol, currency=currency))

    def refuse_without_rate(self, currency: str) -> None:
        self.put_hidden("rate_currency", currency)
        self.ask_for_rate(currency)
        missing = _("There is no exchange rate for {currency} yet. Enter one, like 1.0832")
        self.add_error("rate", missing.format(currency=currency))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in {"acquired_on", "priced_on"} & self.fields.keys():
            check_day(self, name)
        if not {"quantity", "price", "value"} & self.errors.keys():
            self.check_worth(cleaned)
        return cleaned

    def check_worth(self, cleaned: dict[str, Any]) -> None:
        quantity, value = cleaned["quantity"], cleaned["value"]
        if quantity is not None and value is not None:
            self.add_error(
                "value", _("Enter a quantity and a price, or a value. Empty one of them.")
            )
        elif quantity is None and self.new_price(cleaned) is not None:
            self.add_error("quantity", _("Enter the quantity too, or empty the price."))
        elif quantity is None and value is None:
            self.add_error("value", _("Enter a value, like 25,000, or a quantity and a price."))

    def new_price(self, cleaned: dict[str, Any]) -> Decimal | None:
        return cleaned.get("price")

    @property
    def asked_currency(self) -> str:
        """In what the price was asked for."""
        account = self.chosen_account
        usual = account.currency if account else self.base
        return self.cleaned_data.get("price_currency") or usual

    @property
    def chosen_account(self) -> Account | None:
        return self.accounts.get(self.cleaned_data.get("account", ""))

    def values(self) -> dict[str, Any]:
        """The columns of the holding."""
        quantity, value = self.cleaned_data["quantity"], self.cleaned_data["value"]
        return {"quantity": quantity, "typed_value": value}

    def entry(self, security: Security | None) -> Entry:
        """`security` is the firm's one of this symbol, where there is one already."""
        account = self.chosen_account
        return Entry(
            account=account,
            symbol=self.cleaned_data["symbol"],
            currency=account.currency if account else self.base,
            values=self.values(),
            security_version=self.shown_version(security),
            price=self.price_for(security),
            priced_on=self.cleaned_data.get("priced_on") or timezone.localdate(),
            held_class=self.cleaned_data.get("held_class", ""),
            security=security,
        )

    def shown_version(self, security: Security | None) -> int:
        return 0

    def price_for(self, security: Security | None) -> Decimal | None:
        return self.new_price(self.cleaned_data)

    @property
    def typed_rate(self) -> tuple[str, Decimal] | None:
        """The currency and what it is worth, where that was asked for."""
        number = self.cleaned_data.get("rate")
        return (self.cleaned_data["rate_currency"], number) if number else None


class AddForm(SentOnce, HoldingForm):
    """A new row; it carries its id, so that sending it twice adds one."""

    @property
    def holding_id(self) -> UUID:
        return self.cleaned_data["id"]


class EditForm(HoldingForm):
    """A row that is there, with all that belongs to it."""

    version = version_field()
    security_version = version_field()
    shown_price = forms.RegexField(
        r"^[0-9]{1,12}(\.[0-9]{1,8})?\Z",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": RELOAD},
    )
    held_class = forms.ChoiceField(
        label=_("Class"),
        required=False,
        error_messages={"invalid_choice": _("Select a class")},
    )
    role = forms.ChoiceField(
        label=_("In plans"),
        choices=HoldingRole.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select one of these")),
    )
    frozen_until = date_field(_("Not traded until"), _("Empty: for good."))
    reason = forms.CharField(
        label=_("Why it is not traded, or not counted"),
        help_text=_("Such as “pension” or “unvested shares”."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    cost_basis = money_field(_("What it cost in all"))
    acquired_on = date_field(_("Bought on"), "")
    priced_on = date_field(_("Day of the price"), "")

    def __init__(self, accounts: Iterable[Account], base: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(accounts, base, *args, **kwargs)
        self.shown_symbol = ""

    def name_classes(self, now: str, names: Mapping[str, str], *, is_guessed: bool) -> None:
        """`now` says what the security is counted as; the empty choice leaves it so."""
        field = self.fields["held_class"]
        assert isinstance(field, forms.ChoiceField)
        if is_guessed:
            field.label = _("Class (guessed)")
        field.choices = [("", now), *((name, names[name]) for name in CLASSES)]

    def lock_shared(self, *, may_price: bool, may_classify: bool) -> None:
        """What the whole firm depends on is not for everybody to change."""
        if not may_price:
            del self.fields["price"], self.fields["priced_on"]
        if not may_classify:
            del self.fields["held_class"]

    def new_price(self, cleaned: dict[str, Any]) -> Decimal | None:
        """A price that was typed, or confirmed by its day; None where it is as it was shown."""
        price = cleaned.get("price")
        is_shown = price is not None and plain(price) == cleaned.get("shown_price")
        if is_shown and not cleaned.get("priced_on"):
            return None
        return price

    @property
    def is_more_open(self) -> bool:
        """Whether there is something to see under the details."""
        if self.errors.keys() & set(MORE):
            return True
        said = [self[name].value() for name in MORE if name in self.fields]
        return any(value not in (None, "", HoldingRole.TRADABLE) for value in said)

    def is_shown(self, security: Security | None) -> bool:
        """Whether it is the security that the form was made from."""
        return security is not None and security.symbol == self.shown_symbol

    def shown_version(self, security: Security | None) -> int:
        version: int = self.cleaned_data["security_version"]
        return version if self.is_shown(security) else 0

    def price_for(self, security: Security | None) -> Decimal | None:
        """Under another symbol, the price that was shown counts where that has none yet."""
        has_none = security is None or security.price is None
        if not self.is_shown(security) and has_none and self.cleaned_data["quantity"] is not None:
            return self.cleaned_data.get("price")
        return super().price_for(security)

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        until = cleaned["frozen_until"] if cleaned["role"] == HoldingRole.FROZEN else None
        plain = {name: cleaned[name] for name in ("role", "reason", "cost_basis", "acquired_on")}
        return super().values() | plain | {"frozen_until": until}


def initial_of(holding: Holding) -> dict[str, Any]:
    """A holding with its security and account, as a form shows it."""
    security = holding.security
    in_units = holding.quantity is not None
    return {
        "symbol": security.symbol,
        "account": str(holding.account_id),
        "quantity": holding.quantity,
        "price": security.price if in_units else None,
        "price_currency": security.currency,
        "shown_price": plain(security.price) if in_units and security.price is not None else "",
        "value": holding.typed_value,
        "version": holding.version,
        "security_version": security.version,
        "held_class": "",
        "role": holding.role,
        "frozen_until": holding.frozen_until,
        "reason": holding.reason,
        "cost_basis": holding.cost_basis,
        "acquired_on": holding.acquired_on,
    }


class DeleteAllForm(PlainForm):
    """Asks for the number of rows, so that nobody deletes everything by one slip."""

    def __init__(self, count: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = count
        wrong = _("Enter {count} to delete all of them").format(count=count)
        self.fields["count"] = forms.IntegerField(
            label=_("How many holdings will be deleted?"),
            help_text=_("Enter the number {count}.").format(count=count),
            min_value=count,
            max_value=count,
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )
