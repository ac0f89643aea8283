"""What triage refuses when agencies are asked and answer."""

from shared.problems import Conflict, FieldError, Invalid


class LawfulBasisRequired(Conflict):
    """Nobody has said on what ground agencies are asked about this child."""

    code, title = "lawful_basis_required", "Say on what ground you ask"

    def __init__(self) -> None:
        super().__init__(
            "The family has not agreed and the sender named no ground. Record a lawful basis, in a sentence.",
            errors=(FieldError(self.code, "Name a ground and why it holds.", pointer="#/lawful_basis"),),
        )


class ContactCorrected(Conflict):
    """The contact that names the adults was corrected since it was read."""

    code, title = "contact_corrected", "The contact was corrected"

    def __init__(self, place: int) -> None:
        super().__init__(
            "Its sender has corrected the contact since you read it, and may name other people now. Read it"
            " again.",
            errors=(FieldError(self.code, "Read the case again.", pointer=f"#/adults/{place}"),),
        )


class NotAnAdultOfTheCase(Invalid):
    """A question or an answer names an adult who is not there."""

    code, title = "adult_not_known", "No such adult"

    def __init__(self, place: int) -> None:
        super().__init__(
            "There is no such adult here.",
            errors=(FieldError(self.code, "Not an adult of this.", pointer=f"#/adults/{place}"),),
        )
