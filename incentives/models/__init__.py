"""The tables of the incentives, one file per noun."""

from incentives.models.answers import ApplicationDocument, SectionAnswers
from incentives.models.appeals import Appeal
from incentives.models.applications import Application, ChangeRequest, Screening, Snapshot
from incentives.models.bulk import BulkItem, BulkStep
from incentives.models.criteria import Criterion
from incentives.models.decisions import Approval, Award, Recommendation
from incentives.models.flags import Flag, Note
from incentives.models.invitations import Invitation, InvitationPiece, InvitationRun
from incentives.models.ledger import LedgerEntry
from incentives.models.letters import Letter
from incentives.models.money import MAXIMUM_AWARD
from incentives.models.objections import Objection
from incentives.models.panel import PanelDraft
from incentives.models.profile_facts import ProfileFact
from incentives.models.programmes import Programme, ProgrammeVersion, content_of
from incentives.models.publications import Publication
from incentives.models.question_parts import Option, TableColumn
from incentives.models.questions import Question, RubricItem, Section, WantedDocument
from incentives.models.reviewers import Employment, ReviewerProfile
from incentives.models.reviews import Review, ReviewAssignment, ReviewDraft
from incentives.models.rounds import Budget, Round
from incentives.models.tranches import PlannedTranche
from incentives.models.visits import SectionPresence, Visit

__all__ = [
    "MAXIMUM_AWARD",
    "Appeal",
    "Application",
    "ApplicationDocument",
    "Approval",
    "Award",
    "Budget",
    "BulkItem",
    "BulkStep",
    "ChangeRequest",
    "Criterion",
    "Employment",
    "Flag",
    "Invitation",
    "InvitationPiece",
    "InvitationRun",
    "LedgerEntry",
    "Letter",
    "Note",
    "Objection",
    "Option",
    "PanelDraft",
    "PlannedTranche",
    "ProfileFact",
    "Programme",
    "ProgrammeVersion",
    "Publication",
    "Question",
    "Recommendation",
    "Review",
    "ReviewAssignment",
    "ReviewDraft",
    "ReviewerProfile",
    "Round",
    "RubricItem",
    "Screening",
    "Section",
    "SectionAnswers",
    "SectionPresence",
    "Snapshot",
    "TableColumn",
    "Visit",
    "WantedDocument",
    "content_of",
]
