"""Put the words of the scale into the shape everyone reads."""

from shared.codes.grades import GRADES_VERSION, SCALES
from shared.problems import NotFound
from shared.schemas.grades import GradeScale, GradeStepView, NoGradeView


def scale_view(version: str | None) -> GradeScale:
    """Return an edition of the scale, the one in use where none is named.

    Raises:
        NotFound: there is no such edition.
    """
    scale = SCALES.get(version or GRADES_VERSION)
    if scale is None:
        raise NotFound
    return GradeScale(
        version=scale.version,
        current=scale.version == GRADES_VERSION,
        steps=[
            GradeStepView(grade=grade, name=step.name, words=step.words)
            for grade, step in sorted(scale.grades.items())
        ],
        without_a_grade=[
            NoGradeView(status=status, name=step.name, words=step.words)
            for status, step in scale.without_a_grade.items()
        ],
        versions=list(SCALES),
    )
