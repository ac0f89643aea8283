"""One incident told by three, and cases side by side, with everything on them."""

from tests.browser.known_scenes import fill_known
from tests.console.fake_related import OTHERS_REFERENCE, a_relation, an_undone_relation
from tests.console.fakes import FakeHub
from tests.console.histories import a_chronology
from tests.console.lines import a_line
from tests.console.scenes import CASE, MAISIE, OTHER_CASE
from tests.console.test_incidents import three_contacts, three_lines


def fill_incidents(hub: FakeHub) -> None:
    """Put an incident on a case and its chronology, and two relations beside the case."""
    fill_known(hub)
    hub.cases[CASE] = hub.cases[CASE].model_copy(update=three_contacts())
    hub.people.histories[MAISIE] = a_chronology(items=three_lines(), contacts_12m=3, incidents_12m=1)
    hub.related.relations = [a_relation(), an_undone_relation()]
    hub.lines.append(a_line(case_id=OTHER_CASE, references=[OTHERS_REFERENCE]))
