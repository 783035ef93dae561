"""What a browser says about itself, as people call it."""

from django import template

register = template.Library()
# The first one that is found: most browsers also claim to be those that came before them.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrom": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def browser_name(user_agent: str) -> str:
    """`Firefox on Windows`"""
    browser = first_in(user_agent, BROWSERS) or "A browser"
    system = first_in(user_agent, SYSTEMS)
    return f"{browser} on {system}" if system else browser


def first_in(text: str, names: dict[str, str]) -> str:
    return next((name for sign, name in names.items() if sign in text), "")
