"""What every page forbids the browser: scripts, foreign content, frames."""


def content_security(form_action: str = "") -> str:
    """The policy of a page; its forms lead to this server, or on from it to one other place."""
    forms = f"'self' {form_action}".strip()
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action {forms}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
