"""Forms as browsers send them: only our own pages' are read, and what was typed is kept whatever happens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request

from services.console.session import SignedIn, desk_of, is_own_form
from shared.problems import NotPermitted, Problem, Unreadable, UnsupportedMedia

#: Forty people of a discussion have eight fields each, and nothing that is typed may be turned away for room.
_MOST_FIELDS: Final = 400
_OWN_FIELDS: Final = frozenset({"form_mark"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed or chose, by the name of the field; nothing typed reads as an empty text."""

    fields: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Return what was typed, "" for nothing."""
        return self.fields.get(name, "")

    def said(self, *names: str) -> dict[str, str]:
        """Return those of the named fields that say something, as they were typed."""
        return {name: self[name] for name in names if self[name].strip()}

    @property
    def kept(self) -> dict[str, str]:
        """All of it, to be posted again."""
        return {name: value for name, value in self.fields.items() if name not in _OWN_FIELDS}


NOTHING_TYPED: Final = Typed({})


class NotConfirmed(Problem):
    """The form was made for another session of the same browser: the person is asked to press once more."""

    status, code, title = 409, "not_confirmed", "Check and send again"

    def __init__(self) -> None:
        super().__init__("You signed in again after this page was made. Check what you typed and send it.")


@dataclass(frozen=True, slots=True)
class FormErrors:
    """What is wrong with a form: a list for the top of the page, and a sentence for each field."""

    summary: list[dict[str, str]]
    by_field: Mapping[str, str]

    def of(self, field: str) -> dict[str, str] | None:
        """Return the error message of a field as the design system's components take it."""
        return {"text": self.by_field[field]} if field in self.by_field else None


NO_ERRORS: Final = FormErrors([], {})


@dataclass(frozen=True, slots=True)
class FormWords:
    """How a form speaks of what a service found wrong with it.

    Attributes:
        places: the form's field for each field of the service's body that is not called the same, by its
            name or by its whole path, such as "call_back/name".
        sentences: what to say, by field and code; without an entry the service's own words are shown.
    """

    places: Mapping[str, str]
    sentences: Mapping[tuple[str, str], str]

    def errors_of(self, problem: Problem, fields: frozenset[str]) -> FormErrors:
        """Return the errors to show beside `fields`; what points at none of them stands at the top alone."""
        by_field: dict[str, str] = {}
        loose: list[dict[str, str]] = []
        for error in problem.errors:
            field = self._field_of((error.pointer or "").removeprefix("#").lstrip("/"), error.code)
            words = self.sentences.get((field, error.code), error.detail)
            if field in fields:
                by_field.setdefault(field, words)
            else:
                loose.append({"text": words})
        pointing = [{"text": words, "href": f"#{field}"} for field, words in by_field.items()]
        return FormErrors(pointing + loose or [{"text": problem.detail}], by_field)

    def _field_of(self, pointer: str, code: str) -> str:
        if pointer in self.places:
            return self.places[pointer]
        pointed = pointer.partition("/")[0] or code
        return self.places.get(pointed, pointed)


async def _typed(request: Request) -> Typed:
    _require_own_page(request)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/x-www-form-urlencoded":
        raise UnsupportedMedia("The console reads only its own forms.")
    try:
        pairs = parse_qsl(
            (await request.body()).decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise Unreadable("The form could not be read.") from None
    # Browsers end the lines of a text box with CR LF; the hub stores what a person would call a line.
    request.state.typed = Typed({name: value.replace("\r\n", "\n") for name, value in pairs})
    typed: Typed = request.state.typed
    return typed


def _require_own_page(request: Request) -> None:
    """Refuse a form that another site's page made, by what the browser itself says of where it came from."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is None and origin is None:
        raise NotPermitted
    if site not in (None, "same-origin"):
        raise NotPermitted
    if origin is not None and origin != origin_of(desk_of(request).public_url):
        raise NotPermitted


def origin_of(url: str) -> str:
    """Return the origin of a URL as a browser writes it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


async def _own_form(request: Request, typed: Annotated[Typed, Depends(_typed)], _person: SignedIn) -> Typed:
    if not is_own_form(request, typed.fields):
        raise NotConfirmed
    return typed


#: A form of ours, posted from our page by the session it was made for. It stands before `SignedIn` in a
#: signature, so that what was typed is in hand when the session turns out to have ended.
OwnForm = Annotated[Typed, Depends(_own_form)]
