"""The tables of those who come: what they look for, ask and complain of, who answers them, what is promised them."""

from investors.models.absences import Absence, Rerouting
from investors.models.agreements import Agreement
from investors.models.answering import AnswerDraft, AnswerTemplate
from investors.models.brochures import Brochure, BrochureEnd, BrochureProgress
from investors.models.commitments import Commitment
from investors.models.complaint_threads import ComplainedOf, ComplaintMessage
from investors.models.complaints import Complaint
from investors.models.confidentiality import ConfidentialityText, InterestAcceptance
from investors.models.dataroom import DataRoom, DataRoomDocument
from investors.models.dataroom_views import DataRoomView
from investors.models.entries import OpportunityEntry, OpportunityOwner, OpportunityTotal
from investors.models.inquiries import Inquiry, InquiryMessage
from investors.models.interest_threads import InterestMessage, InterestMilestone
from investors.models.interests import Interest
from investors.models.links import InquiryLink
from investors.models.matches import Match, MatchNews, MatchOrder, MatchRound, MatchWish
from investors.models.officers import InquiryTopic, Officer, TopicOfficer
from investors.models.opportunities import Opportunity, OpportunityCluster
from investors.models.photos import OpportunityPhoto
from investors.models.premises_searches import PremisesSearch
from investors.models.profiles import InvestorProfile
from investors.models.published import PublishedVersion
from investors.models.saved_searches import Announcement, SavedSearch, SearchDigest, SearchHit
from investors.models.shortlists import SharedShortlist, ShortlistItem
from investors.models.telling import Tell
from investors.models.unconfirmed import UnconfirmedInquiry

__all__ = [
    "Absence",
    "Agreement",
    "Announcement",
    "AnswerDraft",
    "AnswerTemplate",
    "Brochure",
    "BrochureEnd",
    "BrochureProgress",
    "Commitment",
    "ComplainedOf",
    "Complaint",
    "ComplaintMessage",
    "ConfidentialityText",
    "DataRoom",
    "DataRoomDocument",
    "DataRoomView",
    "Inquiry",
    "InquiryLink",
    "InquiryMessage",
    "InquiryTopic",
    "Interest",
    "InterestAcceptance",
    "InterestMessage",
    "InterestMilestone",
    "InvestorProfile",
    "Match",
    "MatchNews",
    "MatchOrder",
    "MatchRound",
    "MatchWish",
    "Officer",
    "Opportunity",
    "OpportunityCluster",
    "OpportunityEntry",
    "OpportunityOwner",
    "OpportunityPhoto",
    "OpportunityTotal",
    "PremisesSearch",
    "PublishedVersion",
    "Rerouting",
    "SavedSearch",
    "SearchDigest",
    "SearchHit",
    "SharedShortlist",
    "ShortlistItem",
    "Tell",
    "TopicOfficer",
    "UnconfirmedInquiry",
]
