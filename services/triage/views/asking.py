"""Put how far asking has come, grades and grounds into the shape a reader may see."""

from collections.abc import Sequence

from services.triage.evidence.silence import open_sources, silent_words
from services.triage.models import CaseChild, Grade, InformationRequest, RecordedBasis
from shared.codes.grades import find_step
from shared.schemas.asking import ChildAsking, LawfulBasisView, SourcesOpen
from shared.schemas.grades import GradeView
from shared.schemas.words import GradeStatus, LawfulBasis, Sector


def child_asking(
    child: CaseChild,
    asked: Sequence[InformationRequest],
    graded: Sequence[Grade],
    invited: Sequence[str],
    *,
    sees_all: bool,
) -> ChildAsking:
    """Return how far asking about a child has come; what only deciders see is added for them.

    That questions wait for a ground is for deciders too: Red never waits, so it would tell a colour.
    """
    prepared = child.prepared if sees_all else None
    return ChildAsking(
        silent_words=silent_words(asked, graded, prepared),
        sources_open=[
            SourcesOpen(sector=sector, sources=list(sources))
            for sector, sources in sorted(open_sources(asked, graded).items())
            if sources
        ],
        waits_for_basis=prepared is not None,
        regrade_because=list(invited),
    )


def basis_views(recorded: Sequence[RecordedBasis]) -> list[LawfulBasisView]:
    """Return the grounds that people recorded, newest first, each once for all contacts of the case."""
    views = {
        (row.recorded_at, row.recorded_by_id, row.basis, row.reason): LawfulBasisView(
            basis=LawfulBasis(row.basis),
            reason=row.reason,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
        )
        for row in recorded
    }
    return list(reversed(views.values()))


def grade_views(graded: Sequence[Grade], asked: Sequence[InformationRequest]) -> list[GradeView]:
    """Return every grade of a child in the words of the edition that it was given by."""
    sectors = {request.agency_id: Sector(request.sector) for request in asked if request.sector}
    newest = {grade.agency_id: grade.grade_id for grade in graded}
    return [
        GradeView(
            grade_id=grade.grade_id,
            agency_id=grade.agency_id,
            sector=sectors.get(grade.agency_id),
            status=grade.status,
            grade=grade.grade,
            rationale=grade.rationale,
            graded_by=grade.graded_by,
            graded_at=grade.graded_at,
            superseded=newest[grade.agency_id] != grade.grade_id,
            scale_version=grade.scale_version,
            step_name=step.name if step else None,
            step_words=step.words if step else None,
        )
        for grade in graded
        for step in [find_step(grade.scale_version, GradeStatus(grade.status), grade.grade)]
    ]
