"""What may be asked: the shape of each request. Ranges and codes come from the published questionnaire."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from riskalloc.api.fields import Code, FieldType, WholeNumber, answer_type
from riskalloc.engine.calculation import DEFAULT_SLEEVES
from riskalloc.engine.rules import HIGHEST_SCORE, LOWEST_SCORE
from riskalloc.engine.scoring import Answers
from riskalloc.methodology import DEFAULT_VERSION, load, versions

# Every released method asks the same questions and has the same sleeves (a test holds that).
METHOD = load(DEFAULT_VERSION)


def answer(name: str) -> FieldType:
    return answer_type(name, METHOD.questionnaire)


def score(label: str) -> FieldType:
    return WholeNumber(label=label, least=LOWEST_SCORE, most=HIGHEST_SCORE)


Version = Annotated[str, Code(label="Version of the method", codes=versions())]
Sleeves = Annotated[str, Code(label="Set of asset classes", codes=METHOD.classes.sets())]
Amount = Annotated[Decimal, answer("amount")]
Years = Annotated[Decimal, answer("horizon_years")]


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EmergencyFund(Request):
    savings: Annotated[Decimal, answer("savings")]
    monthly_essentials: Annotated[Decimal, answer("monthly_essentials")]


class DebtToIncome(Request):
    monthly_debt: Annotated[Decimal, answer("monthly_debt")]
    monthly_income: Annotated[Decimal, answer("monthly_income")]


class IncomeVariability(Request):
    largest_fall: Annotated[str, answer("largest_fall")]
    market_linked: Annotated[bool, answer("market_linked")]


class TenAnswers(Request):
    """The ten scored answers; all are needed."""

    drop_reaction: Annotated[str, answer("drop_reaction")]
    horizon_years: Years
    trade_off: Annotated[str, answer("trade_off")]
    past_behaviour: Annotated[str, answer("past_behaviour")]
    max_loss: Annotated[str, answer("max_loss")]
    job_security: Annotated[str, answer("job_security")]
    emergency_fund: EmergencyFund
    debt_to_income: DebtToIncome
    income_variability: IncomeVariability
    household_cover: Annotated[str, answer("household_cover")]

    def for_engine(self) -> Answers:
        return Answers(
            drop_reaction=self.drop_reaction,
            horizon_years=self.horizon_years,
            trade_off=self.trade_off,
            past_behaviour=self.past_behaviour,
            max_loss=self.max_loss,
            job_security=self.job_security,
            savings=self.emergency_fund.savings,
            monthly_essentials=self.emergency_fund.monthly_essentials,
            monthly_debt=self.debt_to_income.monthly_debt,
            monthly_income=self.debt_to_income.monthly_income,
            largest_fall=self.income_variability.largest_fall,
            market_linked=self.income_variability.market_linked,
            household_cover=self.household_cover,
        )


# The worked example of the documentation: RTI 18, ISS 20.
ASSESS_EXAMPLE: dict[str, Any] = {
    "answers": {
        "drop_reaction": "hold_calm",
        "horizon_years": "12",
        "trade_off": "mix_50",
        "past_behaviour": "did_nothing",
        "max_loss": "up_to_20",
        "job_security": "permanent_steady",
        "emergency_fund": {"savings": "24000", "monthly_essentials": "3000"},
        "debt_to_income": {"monthly_debt": "1500", "monthly_income": "6000"},
        "income_variability": {"largest_fall": "5_to_10", "market_linked": False},
        "household_cover": "75_to_100",
    },
    "amount": "100000",
    "needed_within_3_years": "0",
    "method": "v1",
    "sleeves": "core",
}
ALLOCATE_EXAMPLE: dict[str, Any] = {
    "rti": 18,
    "iss": 20,
    "amount": "100000",
    "method": "v1",
    "sleeves": "core",
    "horizon_years": None,
}


class AssessRequest(Request):
    """Ten answers and an amount in US dollars."""

    answers: TenAnswers
    amount: Amount
    needed_within_3_years: Annotated[Decimal, answer("needed_within_3_years")] = Decimal(0)
    method: Version = DEFAULT_VERSION
    sleeves: Sleeves = DEFAULT_SLEEVES

    @field_validator("needed_within_3_years")
    @classmethod
    def is_within_the_amount(cls, needed: Decimal, asked: ValidationInfo) -> Decimal:
        if needed > asked.data.get("amount", needed):
            raise ValueError(f"Use at most the amount, {asked.data['amount']}.")
        return needed


class AllocateRequest(Request):
    """Two scores, as somebody else worked them out, and an amount in US dollars."""

    rti: Annotated[int, score("Risk tolerance index")]
    iss: Annotated[int, score("Income stability score")]
    amount: Amount
    method: Version = DEFAULT_VERSION
    sleeves: Sleeves = DEFAULT_SLEEVES
    horizon_years: Years | None = None
