"""Pictures for the documentation, taken of the running product.

`make run` in one terminal, `manage.py demo_book --clients 200` and then `make screenshots` in another: a
person with the worked example's answers walks from the first page to the result, people of the demo sign in,
then desks with twelve and with 200 clients, and the pictures land in docs/img.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ADDRESS = f"http://localhost:{os.environ.get('PORT', '8000')}"
FOLDER = Path(__file__).parent / "img"
MANAGE = Path(__file__).parents[1] / "manage.py"
ANSWERS = (
    {"amount": "100,000"},
    {"drop_reaction": "hold_calm"},
    {"horizon_years": "12"},
    {"trade_off": "mix_50"},
    {"past_behaviour": "did_nothing"},
    {"max_loss": "up_to_20"},
    {"job_security": "permanent_steady"},
    {"savings": "24,000", "monthly_essentials": "3,000"},
    {"monthly_debt": "1,500", "monthly_income": "6,000"},
    {"largest_fall": "5_to_10"},
    {"household_cover": "75_to_100"},
)
COUPLE, INVESTOR = "robert@example.org", "alex@example.org"  # of the demo
PRACTICE, BOOK = "owner@example.org", "advisor1.demo-book@example.org"  # desks, with a second step
MET = "Kofi (demo)"
PRICES = "Symbol,Price\nAGG,376.90\nBND,302.55\nEFA,9.40\nLQD,288.10\nVTII,245.50"
DEMO_PASSWORD = "riskalloc-demo"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def fill(page: Page, answer: dict[str, str]) -> None:
    for name, value in answer.items():
        field = page.locator(f"input[name={name}]")
        field.first.wait_for()
        if field.first.get_attribute("type") == "radio":
            page.check(f"input[name={name}][value='{value}']")
        else:
            field.fill(value)


def walk(page: Page) -> None:
    """From the first page to the result."""
    page.goto(ADDRESS)
    page.click("text=Start now")
    for answer in ANSWERS:
        fill(page, answer)
        if "trade_off" in answer:
            page.screenshot(path=FOLDER / "question.png")
        page.click("button:has-text('Continue')")
    page.click("text=See my result")
    page.wait_for_selector(".parts")


def sign_in(page: Page, person: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{ADDRESS}/account/login/")
    page.fill("input[name=login]", person)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.click("main button:has-text('Sign in')")


def look_back(page: Page) -> None:
    """The two years of somebody of the demo, and why the last result differs."""
    sign_in(page, COUPLE)
    page.click("text=Your profile")
    page.wait_for_selector(".timeline")
    page.screenshot(path=FOLDER / "client.png", full_page=True)
    page.click("text=Compare with last time")
    page.wait_for_selector("h1:has-text('differs')")
    page.screenshot(path=FOLDER / "compare.png", full_page=True)


def look_at_holdings(page: Page) -> None:
    """A portfolio of the demo, with its plan."""
    sign_in(page, INVESTOR)
    page.click("main a[href^='/p/']")
    page.wait_for_selector("#drift")
    page.screenshot(path=FOLDER / "portfolio.png", full_page=True)


def sign_in_at_a_desk(page: Page, person: str) -> None:
    """With the code of this moment."""
    sign_in(page, person)
    page.wait_for_selector("input[name=code]")
    shown = subprocess.run(
        [sys.executable, MANAGE, "demo", "--code"], capture_output=True, text=True, check=True
    )
    page.fill("input[name=code]", shown.stdout.strip())
    page.press("input[name=code]", "Enter")
    page.wait_for_selector("text=Sign out")


def take_top(page: Page, name: str) -> None:
    """Two screens of a page that may go on for long."""
    page.screenshot(
        path=FOLDER / name, full_page=True, clip={"x": 0, "y": 0, "width": 1280, "height": 1600}
    )


def look_at_a_desk(page: Page) -> None:
    """A book of 200 clients: the morning, the list, what if, and prices that came in."""
    sign_in_at_a_desk(page, BOOK)
    page.goto(f"{ADDRESS}/a/")
    page.wait_for_load_state("networkidle")  # the assets come after the page
    page.screenshot(path=FOLDER / "morning.png", full_page=True)
    page.goto(f"{ADDRESS}/a/clients/?status=drift&sort=-drift")
    take_top(page, "clients.png")
    page.goto(f"{ADDRESS}/a/whatif/?stocks=-20&bonds=3")
    take_top(page, "whatif.png")
    page.goto(f"{ADDRESS}/a/prices/")
    page.fill("textarea[name=text]", PRICES)
    page.click("text=Read it")
    page.wait_for_selector("main table")
    take_top(page, "prices.png")


def prepare_a_meeting(page: Page) -> None:
    sign_in_at_a_desk(page, PRACTICE)
    page.goto(f"{ADDRESS}/a/clients/")
    page.click(f"main a:has-text('{MET}')")
    page.click("main a[href$='/packet/']")
    page.wait_for_load_state()
    take_top(page, "packet.png")


def main() -> None:
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        sys.exit("There is no chromium to take pictures with.")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
        walk(page)
        page.screenshot(path=FOLDER / "result.png")
        page.click("table.classes a.open >> nth=1")
        page.wait_for_selector(".thread")
        page.locator(".thread").screenshot(path=FOLDER / "thread.png")
        look_back(page)
        look_at_holdings(page)
        look_at_a_desk(page)
        prepare_a_meeting(page)
        browser.close()


if __name__ == "__main__":
    main()
