"""The tables of those who come: opportunities, inquiries and their threads."""

from investors.models.inquiries import Inquiry, InquiryMessage
from investors.models.opportunities import Opportunity, OpportunityCluster

__all__ = ["Inquiry", "InquiryMessage", "Opportunity", "OpportunityCluster"]
