"""What a check finds: what is not as it should be, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What is wrong, and how to mend it; what is only worth knowing stops nothing."""

    wrong: str
    mend: str
    stops: bool = True
