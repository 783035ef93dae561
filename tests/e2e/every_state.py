"""Every state of every page, for what holds on all of them."""

from tests.e2e import states
from tests.e2e.states_accounts import ACCOUNTS
from tests.e2e.states_around import AROUND_STATES
from tests.e2e.states_desk import DESK_STATES
from tests.e2e.states_events import EVENT_STATES
from tests.e2e.states_firms import FIRM_STATES
from tests.e2e.states_models import MODEL_STATES
from tests.e2e.states_people import PEOPLE_STATES
from tests.e2e.states_portfolio import PORTFOLIO_STATES
from tests.e2e.states_reviews import REVIEW_STATES

STATES = [
    *states.STATES,
    *PEOPLE_STATES,
    *EVENT_STATES,
    *FIRM_STATES,
    *MODEL_STATES,
    *ACCOUNTS,
    *AROUND_STATES,
    *PORTFOLIO_STATES,
    *REVIEW_STATES,
    *DESK_STATES,
]
