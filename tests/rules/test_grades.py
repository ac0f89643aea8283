"""The words of the 0 to 5 scale."""

from shared.codes.grades import GRADE_STEPS, WITHOUT_A_GRADE
from shared.schemas.words import GradeStatus


def test_every_step_of_the_scale_has_words_of_its_own() -> None:
    assert list(GRADE_STEPS) == [0, 1, 2, 3, 4, 5]
    assert len({step.words for step in GRADE_STEPS.values()}) == 6


def test_every_answer_without_a_grade_has_words_too() -> None:
    assert set(WITHOUT_A_GRADE) == set(GradeStatus) - {GradeStatus.GRADED}
