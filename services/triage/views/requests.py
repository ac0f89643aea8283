"""Put a question to an agency, and its answer, into the shape a reader may see."""

from services.triage.models import InformationRequest
from shared.schemas.cases import InformationRequestView
from shared.schemas.words import AnswerStatus, Handling, Sector


def request_view(request: InformationRequest, *, with_words: bool = True) -> InformationRequestView:
    """Return a question and its answer; `with_words=False` leaves out what the answer says."""
    return InformationRequestView(
        request_id=request.request_id,
        case_id=request.case_id,
        child_id=request.child_id,
        agency_id=request.agency_id,
        sector=Sector(request.sector) if request.sector else None,
        reason=request.reason,
        asked_at=request.asked_at,
        due_at=request.due_at,
        answered_at=request.answered_at,
        status=AnswerStatus(request.status) if request.status else None,
        text=request.answer if with_words else None,
        handling=Handling(request.handling) if request.handling else None,
        corrected_at=request.corrected_at,
        corrected_version=request.corrected_version,
    )
