"""A browser as small as can be: it keeps cookies, follows links and fills in the forms it is shown."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

from deploy.local.journey.parties import JourneyEnded

Attributes = list[tuple[str, str | None]]


class Form:
    """A form of a page: where it goes, and its fields as the page filled them in."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: dict[str, str] = {}
        #: The values of each group of radio buttons.
        self.choices: dict[str, set[str]] = {}

    @property
    def names(self) -> set[str]:
        """Every field that a person or the page can fill in."""
        return set(self.fields) | set(self.choices)


class _PageReader(HTMLParser):
    """Collects the links and forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._within: Form | None = None
        self._text_of: str | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Take note of a link, a form or a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._within = Form(given.get("action", ""))
            self.forms.append(self._within)
        elif tag == "input" and self._within is not None and "name" in given:
            self._read_input(self._within, given)
        elif tag == "textarea" and self._within is not None and "name" in given:
            self._text_of = given["name"]
            self._within.fields[self._text_of] = ""

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a field."""
        if tag == "form":
            self._within = None
        elif tag == "textarea":
            self._text_of = None

    def handle_data(self, data: str) -> None:
        """Keep what a text box already holds; the line break after its tag does not count."""
        if self._within is not None and self._text_of is not None:
            self._within.fields[self._text_of] += data.removeprefix("\n")

    @staticmethod
    def _read_input(form: Form, given: dict[str, str]) -> None:
        name, value = given["name"], given.get("value", "")
        if given.get("type") == "radio":
            form.choices.setdefault(name, set()).add(value)
            if "checked" in given:
                form.fields[name] = value
        elif given.get("type") != "checkbox" or "checked" in given:
            form.fields[name] = value


class Browser:
    """Shows one page after the other; all addresses are the hub's own."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._address = ""
        self._page = _PageReader()

    @property
    def path(self) -> str:
        """The path of the page that is shown."""
        return urlsplit(self._address).path

    async def open(self, address: str) -> None:
        """Go to an address, and on to wherever it leads; raises JourneyEnded when that shows no page."""
        await self._show(await self._http.get(urljoin(self._address, address), follow_redirects=True))

    async def follow(self, path: str) -> None:
        """Follow the link of this page that goes to `path`, whatever its query."""
        link = next((link for link in self._page.links if urlsplit(link).path == path), None)
        if link is None:
            raise JourneyEnded("A page of the console has no link to where the journey goes on.")
        await self.open(link)

    async def send(self, typed: dict[str, str]) -> None:
        """Send the form of this page that has the typed fields, with all else it holds, hidden marks too.

        Raises:
            JourneyEnded: there is no such form, it offers no such choice, or the answer is no page.
        """
        form = next((form for form in self._page.forms if typed.keys() <= form.names), None)
        if form is None or any(typed[name] not in form.choices[name] for name in typed.keys() & form.choices):
            raise JourneyEnded(f"The form at {self.path} does not take what the journey fills in.")
        parts = urlsplit(self._address)
        answer = await self._http.post(
            urljoin(self._address, form.action),
            data=form.fields | typed,
            headers={"Origin": f"{parts.scheme}://{parts.netloc}"},
            follow_redirects=True,
        )
        await self._show(answer)

    async def _show(self, answer: httpx.Response) -> None:
        if not answer.is_success:
            raise JourneyEnded(f"{answer.url.path} answered {answer.status_code} instead of a page.")
        self._address = str(answer.url)
        self._page = _PageReader()
        self._page.feed(answer.text)
