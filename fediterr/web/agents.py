"""The browser and the system that a request names, in the few words that people know them by."""

import re

BROWSERS = (  # the first that fits: most claim to be several
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("ChromeOS", r"CrOS"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux|X11"),
)
LONGEST = 1000  # characters of what is sent that are looked at


def in_words(agent: str) -> str:
    """`Firefox, Windows`; nothing when it is none that we know."""
    looked_at = agent[:LONGEST]
    found = [next((name for name, sign in kind if re.search(sign, looked_at)), "") for kind in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name)
