"""The tables of those who come: opportunities, inquiries and their threads, who answers them, commitments."""

from investors.models.commitments import Commitment
from investors.models.inquiries import Inquiry, InquiryMessage
from investors.models.officers import InquiryTopic, Officer, TopicOfficer
from investors.models.opportunities import Opportunity, OpportunityCluster

__all__ = [
    "Commitment",
    "Inquiry",
    "InquiryMessage",
    "InquiryTopic",
    "Officer",
    "Opportunity",
    "OpportunityCluster",
    "TopicOfficer",
]
