"""What an import has to say: what is wrong, what is odd, what was done."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something about one cell. `row` is the row number that the spreadsheet shows; `reason` is plain Chinese."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody whose account is not known yet, and the code that joins it to them."""

    name: str
    phone: str
    code: str


@dataclass(slots=True)
class Report:
    """What an import did, or would do.

    With one problem or more nothing was written. `written` is False after a dry run, too; the counts then say
    what would have been done.
    """

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    invited: list[Invited] = field(default_factory=list)
    """Everybody of the file who still has to join: hand these codes out. Fresh codes are made only in earnest."""
    written: bool = False

    def refuse(self, row: int, column: str, reason: str) -> None:
        self.problems.append(Problem(row, column, reason))

    def warn(self, row: int, column: str, reason: str) -> None:
        self.warnings.append(Problem(row, column, reason))
