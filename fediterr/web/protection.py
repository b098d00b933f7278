"""What every page forbids the browser: foreign scripts and content, frames."""

from fediterr.core import site

ANYWHERE = "*"


def content_security(form_action: str = "", frames: str = "'none'") -> str:
    """The policy of a page; its forms lead to this server, or on from it to one other place; who may frame it."""
    forms = f"'self' {form_action}".strip()
    pictures = f"'self' {site.settings().media_url}" if site.settings().media_host else "'self'"
    return (
        f"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src {pictures} data:; "
        f"media-src {pictures}; form-action {forms}; "
        f"frame-ancestors {frames}; base-uri 'none'"
    )
