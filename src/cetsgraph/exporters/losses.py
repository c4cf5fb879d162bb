"""What the files of a program have no place for."""

from dataclasses import dataclass, field

from cetsgraph.findings import Finding, Severity

__all__ = ["Losses"]


@dataclass(slots=True)
class Losses:
    """What is left out of files, as findings."""

    findings: list[Finding] = field(default_factory=list)

    def add(self, pointer: str, message: str, *, found: object = None, hint: str | None = None) -> None:
        """Note what is left out."""
        finding = Finding("not-representable", Severity.WARNING, pointer, message, found=found, hint=hint)
        self.findings.append(finding)
