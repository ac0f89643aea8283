"""What intake reads from its environment."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.platform.settings import ServiceSettings


class Settings(ServiceSettings):
    """No default is a secret, and every default is safe in production."""

    model_config = SettingsConfigDict(env_prefix="HUB_INTAKE_", frozen=True, extra="ignore")

    #: Fernet keys that seal the copies of refused referrals, one a line: the first seals, all open.
    held_copy_key_file: Path
    #: Who is asked what would come of a draft.
    triage_url: str
    #: The sum of the bodies that are on their way in at once: some 5,000 ordinary referrals, or 4 of the
    #: largest. Each byte takes some fifteen of memory.
    bodies_at_once_bytes: int = Field(16_000_000, ge=100_000)
    #: What a sender is told to ring when a child is in danger, after 999.
    hub_telephone: str = "the hub's duty line"
    #: How long a version waits on its agency's queue for a look at its quality; then it leaves the queue.
    quality_window: timedelta = timedelta(days=30)
    #: A sender asked for more has until the close of this many working days after today.
    further_information_working_days: int = Field(1, ge=1, le=250)
    #: Nobody may be given longer: what comes so late no longer serves the child.
    further_information_longest_working_days: int = Field(10, ge=1, le=250)
    #: How often it is looked whether the time of a request has run out.
    lapse_every: timedelta = timedelta(seconds=30)
    #: How often it is looked for keys of people that an earlier release made, once none is left.
    rekey_every: timedelta = timedelta(minutes=10)
    #: How long a sender who checks a draft waits for triage's view of it; then it is answered without.
    check_patience: timedelta = timedelta(seconds=2)
    #: Of the drafts that were checked and never sent, how many staff look at: one in ten.
    check_sample_share: float = Field(0.1, ge=0, le=1)
    #: Weights of matching, as `hub matching train` writes them; without a file those the hub comes with.
    matching_weights_file: Path | None = None
    #: So probable, and nobody else likely, and a child or adult is linked to a known person until somebody
    #: confirms it; a name alone never suffices.
    match_sure_at: float = Field(0.95, ge=0.5, lt=1)
    #: So probable, and a person is asked.
    match_possible_at: float = Field(0.05, gt=0, lt=1)
    #: So many persons an area is taken to have until more are known: among few, everybody seems rare.
    matching_least_population: int = Field(100_000, ge=1)
    #: Past its due date by more than this with no birth linked, an unborn child raises an alarm.
    birth_grace: timedelta = Field(timedelta(days=14), ge=timedelta(0))
