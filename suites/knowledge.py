"""The knowledge about a framework: behaviours, departures and unsupported notions, from TOML."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path as File

from paramlaws.specs.case import ONLY, Case
from paramlaws.specs.claim import Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example
from paramlaws.specs.features import condition, features
from paramlaws.specs.nearest import nearest
from paramlaws.specs.suite import Suite
from paramlaws.suites.sections import Section


class KnowledgeError(Exception):
    """A knowledge file is invalid; the message names the file and the entry."""


@dataclass(frozen=True)
class Documented:
    """A behaviour of a convention that the framework documents.

    claim: the convention's id.
    behaviour: one of the convention's behaviours.
    link: the page that documents it, or the name of a file in the same folder that does.
    versions: by package, the versions that it applies to, as in {"keras": ">=3"}.
    cases: the cases that it applies to, as in `Departure`; empty for all.
    """

    claim: str
    behaviour: str
    link: str
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()

    def applies(self, case: Case) -> bool:
        """Whether it is about this case."""
        return _is_about(self.cases, case)


@dataclass(frozen=True)
class Departure:
    """A declared difference from the book or from a law.

    claim: the claim's id.
    reason, link: why, and where the framework says so or where it is discussed.
    smallest: the smallest example that shows it.
    versions: by package, the versions that depart, as in {"keras": ">=3"}.
    cases: the cases that depart, each by some of its parts, as in "to-bytes, wrong
        shape" or "same-layer"; empty for all.
    behaviour: what is observed instead; for a law, the manner of the violation.
    exception: or else, the name of the exception that is raised.
    words: what is observed, as a clause that follows the claim's topic; required if the claim has
        no words for it.
    matching: parts of the exception's message, one of which it must have; empty for any message.
    where: the features of the examples that show it; others must not.
    when: the same as a clause that follows "if", if the features' own clauses read badly.
    certain: features or occurrences without which such an example may hide it; with all of them,
        it must show. Empty if it must always show.
    sometimes: whether any of these examples may hide it, as long as one in a run shows it.
    reproducer: a script of native lines that shows it, in the folder `reproducers`.
    """

    claim: str
    reason: str
    link: str
    smallest: Example
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()
    behaviour: str | None = None
    exception: str | None = None
    words: str | None = None
    matching: tuple[str, ...] = ()
    where: frozenset[str] = frozenset()
    when: str | None = None
    certain: frozenset[str] = frozenset()
    sometimes: bool = False
    reproducer: File | None = None

    def applies(self, case: Case) -> bool:
        """Whether it is about this case."""
        return _is_about(self.cases, case)

    @property
    def condition(self) -> str | None:
        """When it shows, as a clause that follows "if"; None if it always does."""
        return self.when or condition(self.where) or None

    @property
    def shown(self) -> str:
        """The behaviour, or the name of the exception, that is observed."""
        return str(self.behaviour or self.exception)

    def is_shown_by(self, error: Exception) -> bool:
        """Whether an error is the declared exception, with a message that matches."""
        said = any(part in str(error) for part in self.matching or ("",))
        return type(error).__name__ == self.exception and said

    def covers(self, example: Example) -> bool:
        """Whether the example has all features in `where`."""
        return self.where <= features(example.architecture)

    def must_show(self, example: Example, occurred: Collection[str]) -> bool:
        """Whether the example must show it.

        occurred: the occurrences while the claim was tried on the example.
        """
        return not self.sometimes and self.certain <= {*features(example.architecture), *occurred}


@dataclass(frozen=True)
class Unsupported:
    """A notion that the framework lacks, so that claims (`tie.*` allowed) or cases cannot be tried.

    reason, link: why, and where the framework says so.
    """

    claim: str
    reason: str
    link: str
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Untried:
    """Examples, given by features, on which a claim is not tried, with the reason."""

    claim: str
    reason: str
    where: frozenset[str]
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()

    @property
    def condition(self) -> str:
        """The examples, described by a clause that follows "if"."""
        return condition(self.where)

    def applies(self, case: Case) -> bool:
        """Whether it is about this case."""
        return _is_about(self.cases, case)

    def covers(self, example: Example) -> bool:
        """Whether the example has all features in `where`, so that it is not tried."""
        return self.where <= features(example.architecture)


@dataclass(frozen=True)
class Native:
    """Native code that shows what is said about a framework.

    claim: a claim's id, or a pattern for several (`tie.*`).
    sections: the sections of the framework's native script.
    versions, cases: those that it applies to, as in `Departure`.
    behaviour: the behaviour that it shows; None for a law that holds.
    """

    claim: str
    sections: tuple[Section, ...]
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()
    behaviour: str | None = None


@dataclass(frozen=True)
class Knowledge:
    """Everything that is known about one target.

    book: the behaviours that the book states, by claim.
    documented: the behaviours that the framework documents, which take precedence over the book.
    """

    book: Mapping[str, str]
    documented: tuple[Documented, ...] = ()
    departures: tuple[Departure, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    untried: tuple[Untried, ...] = ()
    native: tuple[Native, ...] = ()

    def expected(self, claim: Claim, case: Case = ONLY) -> str | None:
        """The behaviour expected of a convention, unless a departure is declared; None if open."""
        entry = self.documented_of(claim, case)
        return entry.behaviour if entry else self.book.get(claim.id)

    def documented_of(self, claim: Claim, case: Case) -> Documented | None:
        """The documented behaviour of a convention; KnowledgeError if two entries apply."""
        found = [each for each in self.documented if each.claim == claim.id and each.applies(case)]
        if len(found) > 1:
            which = f"{claim.id}[{case}]" if case.text else claim.id
            said = " and ".join(f"{each.behaviour!r} ({each.link})" for each in found)
            raise KnowledgeError(f"{which} is documented twice, as {said}: part versions or cases")
        return found[0] if found else None

    def departures_of(self, claim: Claim, case: Case) -> list[Departure]:
        """The departures declared for a claim."""
        return [d for d in self.departures if d.claim == claim.id and d.applies(case)]

    def untried_by(self, claim: Claim, case: Case) -> list[Untried]:
        """The declared examples on which the claim is not tried in this case."""
        return [entry for entry in self.untried if entry.claim == claim.id and entry.applies(case)]

    def shown_natively(
        self, claim: Claim, case: Case, behaviour: str | None
    ) -> tuple[Section, ...]:
        """The native code that shows this behaviour of a claim.

        behaviour: None for a law that holds.
        Reproducers of departures are not included.
        """
        return tuple(
            section
            for entry in self.native
            if entry.behaviour == behaviour
            and fnmatchcase(claim.id, entry.claim)
            and _is_about(entry.cases, case)
            for section in entry.sections
        )

    def unsupported_by(self, claim: Claim, case: Case) -> Unsupported | None:
        """The declaration that the framework does not support the claim in this case, if any."""
        for entry in self.unsupported:
            if fnmatchcase(claim.id, entry.claim) and _is_about(entry.cases, case):
                return entry
        return None

    def check_cases(self, suite: Suite) -> None:
        """Raises KnowledgeError if an entry names a case that its claims do not have on a suite.

        It also does so if two documented behaviours apply to one case.
        """
        entries: list[Documented | Departure | Unsupported | Untried | Native]
        entries = [*self.documented, *self.departures, *self.unsupported, *self.untried]
        entries += self.native
        for entry in entries:
            claims = [claim for claim in CATALOGUE if fnmatchcase(claim.id, entry.claim)]
            known = [case for claim in claims for case in claim.cases_on(suite)]
            for text in entry.cases:
                if not any(case.is_selected_by(text) for case in known):
                    parts = {part for case in known for part in (*case.parts, str(case))}
                    raise KnowledgeError(
                        f"{suite.knowledge}: {entry.claim}: there is no case {text!r}; "
                        f"{nearest(text, parts)}"
                    )
        for claim in CATALOGUE:
            for case in claim.cases_on(suite):
                try:
                    self.documented_of(claim, case)
                except KnowledgeError as error:
                    raise KnowledgeError(f"{suite.knowledge}: {error}") from error


def _is_about(cases: Sequence[str], case: Case) -> bool:
    return not cases or any(case.is_selected_by(text) for text in cases)


NOTHING = Knowledge({})
