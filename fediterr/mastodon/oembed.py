"""How other sites show a public post of here inside their own pages: oEmbed."""

from typing import Any

from flask import Response

from fediterr.core import errors, markup, site
from fediterr.mastodon import routes, search
from fediterr.social import visibility
from fediterr.social.models import Post

WIDTH = 550  # pixels, when the other site says nothing
LEAST, MOST = 220, 2000
DAY = 86_400


@routes.get("/api/oembed", routes.PUBLIC)
def describe() -> Response:
    """The frame that shows the post of an address, and what it says of itself."""
    sent = routes.sent()
    if (sent.text("format") or "json") != "json":
        raise errors.Invalid("Format is not included in the list")
    post = _post(sent.text("url") or "")
    width, height = _within(sent.number("maxwidth")), _within(sent.number("maxheight"))
    made = routes.as_json(_described(post, width or WIDTH, height))
    made.headers["Cache-Control"] = f"public, max-age={DAY // 24}"
    return made


def _post(address: str) -> Post:
    """The open post of here that a page shows; NotFound for all others, as if there were none."""
    found = search.here(address.removeprefix(site.settings().base_url)) if site.is_here(address) else None
    if not isinstance(found, Post) or not found.local or found.boost_of_id or not visibility.can_see(None, found):
        raise errors.NotFound("There is no such post here.")
    return found


def _within(asked: int | None) -> int | None:
    return max(LEAST, min(asked, MOST)) if asked is not None else None


def _described(post: Post, width: int, height: int | None) -> dict[str, Any]:
    frame = f'<iframe src="{markup.escape(post.url or "")}/embed" width="{width}"'
    frame += f' height="{height}"' if height else ""
    return {
        "type": "rich",
        "version": "1.0",
        "author_name": post.author.shown_name,
        "author_url": post.author.url,
        "provider_name": site.settings().name,
        "provider_url": site.address("/"),
        "cache_age": DAY,
        "html": f'{frame} style="max-width: 100%; border: 0" loading="lazy"></iframe>',
        "width": width,
        "height": height,
    }
