"""A new table of triage says whether it goes along with a child, and whether it ends a quiet spell."""

from services.triage.models import Table
from services.triage.store.drift import BY_WAY_OF, OF_CASE, OF_CHILD, OF_CONTACT
from services.triage.store.joins import OF_A_CHILD

#: Tables that name a case and stay with it when a contact moves to another, each with why.
STAY = {
    "contact": "is what moves",
    "case_child": "goes with its contact",
    "discussion": "says where it was called, and is shown wherever its children are",
    "allocation": "is of the case",
    "case_access": "names the referrals that it opens, wherever they stand",
    "lease": "is of the case",
    "case_join": "says what moved, from where and to where",
}
#: Tables in which nothing that somebody did for a child is kept, each with why.
NO_HAPPENING = {
    "recommendation": "worked out by the machine, whatever was done counts by itself",
    "breach": "found by the machine",
    "drift": "found by the machine",
    "alert_page": "sent by the machine",
    "case": "moves with everything else",
    "case_child": "moves with everything else",
    "case_relation": "says that cases have to do with each other",
    "lease": "a look",
    "case_access": "lets somebody look",
    "referral_restriction": "says who may look",
    "draft": "not sent yet",
    "discussion_child": "says whom a discussion is about",
    "policy": "of all children",
    "policy_submission": "of all children",
    "policy_replay": "of all children",
    "policy_replay_child": "of all children",
}
#: Every service has these.
PLATFORM = {"outbox", "inbox", "consumer", "parked", "failure"}

OWN = {table.name for table in Table.metadata.sorted_tables} - PLATFORM


def test_whatever_names_a_case_goes_along_with_its_child_or_is_meant_to_stay() -> None:
    named = {
        table.name
        for table in Table.metadata.sorted_tables
        if any(key.parent.name == "case_id" and key.column.table.name == "case" for key in table.foreign_keys)
    }
    go = {table.name for table in OF_A_CHILD}

    assert {"grade", "decision", "timer", "information_request", "oversight"} <= go
    assert named == go | STAY.keys()


def test_each_table_ends_a_quiet_spell_or_says_why_not() -> None:
    counted = [each[0] for each in (*OF_CHILD, *OF_CONTACT, *OF_CASE)] + [each[0] for each in BY_WAY_OF]
    happen = {at.class_.__tablename__ for at in counted}

    assert happen.isdisjoint(NO_HAPPENING)
    assert happen | NO_HAPPENING.keys() == OWN
