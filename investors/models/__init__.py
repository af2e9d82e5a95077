"""The tables of those who come: opportunities, inquiries, complaints, who answers them, commitments."""

from investors.models.commitments import Commitment
from investors.models.complaint_threads import ComplainedOf, ComplaintMessage
from investors.models.complaints import Complaint
from investors.models.inquiries import Inquiry, InquiryMessage
from investors.models.officers import InquiryTopic, Officer, TopicOfficer
from investors.models.opportunities import Opportunity, OpportunityCluster

__all__ = [
    "Commitment",
    "ComplainedOf",
    "Complaint",
    "ComplaintMessage",
    "Inquiry",
    "InquiryMessage",
    "InquiryTopic",
    "Officer",
    "Opportunity",
    "OpportunityCluster",
    "TopicOfficer",
]
