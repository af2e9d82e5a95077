"""What becomes of every column that names or may name a person: told, erased, kept, and why. New columns are decided here."""


def columns(table: str) -> frozenset[str]:
    """Return ``app.Model.field`` for each field that stands behind its model."""
    lines = [line.split(":") for line in table.strip().splitlines()]
    return frozenset(f"{model.strip()}.{field}" for model, fields in lines for field in fields.split())


TOLD_AND_ERASED = columns("""
    account.EmailAddress: email user
    firms.Claim: position telephone
    incentives.Objection: email name
    incentives.Visit: user
    investors.Brochure: person
    investors.Commitment: evidence next_step objection objection_answer reasons text_en text_zh
    investors.ComplainedOf: named
    investors.Complaint: authority elsewhere extension_reason facts on_behalf_of outcome request subject
    investors.ComplaintMessage: body
    investors.Inquiry: firm rating_comment subject text
    investors.InquiryMessage: body
    investors.Interest: decline_text message no_registration_reason
    investors.InterestAcceptance: name
    investors.InterestMessage: body
    investors.InterestMilestone: title
    investors.InvestorProfile: user
    investors.SavedSearch: name person query
    investors.SharedShortlist: person
    investors.ShortlistItem: note person
    mfa.Authenticator: user
    portal.Document: name
    portal.Notice: address context recipient
    portal.User: email name
""")
"""What a person says of themselves, or what is said to them: told with their data, erased with them."""

ERASED = columns("""
    account.EmailConfirmation: key
    admin.LogEntry: change_message object_repr
    incentives.SectionPresence: user
    investors.AnswerDraft: author text
    investors.Brochure: sender_digest session_digest
    investors.Commitment: source_note
    investors.SharedShortlist: session_digest
    investors.UnconfirmedInquiry: email firm name sender_digest subject text
    mfa.Authenticator: data
    portal.User: password
    portal.User_groups: user
    portal.User_user_permissions: user
    sessions.Session: session_data session_key
""")
"""Erased with the person and told to nobody: secrets and digests, what waits to be confirmed, notes of the office, sessions.
"""

TOLD_AND_KEPT = columns("""
    firms.Claim: claimant reason
    firms.Membership: user
    firms.ProposedEdit: proposed_by
    incentives.Appeal: by reasons
    incentives.Application: started_by
    incentives.Objection: reason
    incentives.Snapshot: by
    investors.Commitment: person
    investors.Complaint: complainant
    investors.ComplaintMessage: author
    investors.DataRoomView: person
    investors.Inquiry: sender
    investors.InquiryMessage: author
    investors.Interest: contract_registration export_certificate person
    investors.InterestAcceptance: on_behalf_of signed_by
    investors.InterestMessage: author
    investors.InterestMilestone: added_by
    portal.Consent: user
    portal.StepTaken: by reason
""")
"""Told with a person's data, and kept: the rows say that somebody did it, by the number of an account that names nobody any
more; or words on which a decision or a contract rests.
"""

NUMBER = columns("""
    firms.Organisation: confirmed_by
    firms.YearlyFigure: entered_by
    incentives.SectionAnswers: saved_by
    investors.InterestMilestone: settled_by
    investors.Opportunity: created_by
    portal.Document: uploaded_by
    portal.Erasure: user
    portal.HistoryEntry: actor
""")
"""Kept, and not told apart: the number of an account on what is an organisation's, or on the portal's own record."""

STAFF = columns("""
    admin.LogEntry: user
    firms.Claim: decided_by
    firms.Duplicate: decided_by
    firms.ProposedValue: decided_by
    firms.RegistryImport: settled_by uploaded_by
    firms.Verification: verified_by
    firms.YearlyFigure: verified_by
    incentives.Approval: approver
    incentives.BulkStep: by
    incentives.ChangeRequest: by
    incentives.Flag: opened_by owner resolved_by
    incentives.InvitationRun: asked_by
    incentives.LedgerEntry: by
    incentives.Note: by
    incentives.PanelDraft: by
    incentives.ProgrammeVersion: published_by
    incentives.Publication: decided_by proposed_by
    incentives.Recommendation: recommended_by
    incentives.ReviewAssignment: assigned_by ended_by reviewer
    incentives.ReviewerProfile: user
    incentives.Screening: by
    investors.Absence: entered_by officer
    investors.Commitment: made_by owner
    investors.ComplainedOf: identified_by staff
    investors.Complaint: decided_by extended_by handler
    investors.ConfidentialityText: drafted_by published_by
    investors.Inquiry: officer
    investors.InquiryLink: linked_by
    investors.Interest: officer
    investors.Officer: deputy user
    investors.PublishedVersion: by
    portal.Recount: by
""")
"""Acts and duties of staff: kept under the number of the account, which is not erased while the service lasts."""

KEPT_WORDS = columns("""
    incentives.Employment: name uscc
    incentives.Flag: found
    incentives.Letter: content
    incentives.SectionAnswers: answers typed
    incentives.Snapshot: content
    portal.HistoryEntry: now was
    portal.StepTaken: data
""")
"""May hold a name, and is kept: what an organisation submitted or was issued with, as the law wants it; history without masked
values; details of steps without words (``Unrecorded``).
"""

NOBODY = columns("""
    admin.LogEntry: object_id
    auth.Group: name
    auth.Permission: codename name
    contenttypes.ContentType: app_label model
    firms.Certificate: authority number
    firms.Cluster: slug summary_en summary_zh title_en title_zh
    firms.ClusterFilling: last_error
    firms.ClusterMembership: reason
    firms.ClusterRule: title_en title_zh
    firms.CountedGroup: value
    firms.Duplicate: reason
    firms.DuplicateSearch: last_error
    firms.FacetTotal: value
    firms.FirmCount: last_error
    firms.ImportLine: data name uscc
    firms.Industry: code name_en name_zh
    firms.Laboratory: description_en description_zh field_en field_zh name_en name_zh slug source website
    firms.Organisation: address business_scope description_en description_zh foreign_number industry_code name_en
    firms.Organisation: name_pinyin name_zh slug source telephone uscc website
    firms.ProposedValue: field proposed published reason
    firms.RegistryImport: digest errors file last_error name notes problem source
    firms.SearchEntry: body
    firms.Subdistrict: code name_en name_zh slug
    firms.Verification: reference uscc
    firms.YearlyFigure: evidence source_name
    incentives.Application: number
    incentives.ApplicationDocument: slug
    incentives.Approval: meeting minutes terms_hash
    incentives.BulkItem: data last_error reason reasons
    incentives.BulkStep: data reason step
    incentives.ChangeRequest: reason section
    incentives.Criterion: evidence_en evidence_zh parameters title_en title_zh
    incentives.Flag: key reason resolution
    incentives.InvitationPiece: last_error
    incentives.LedgerEntry: key note
    incentives.Letter: code file_sha256 last_error number sha256
    incentives.Note: text
    incentives.Option: label_en label_zh slug
    incentives.PanelDraft: amounts
    incentives.PlannedTranche: evidence_en evidence_zh milestone_en milestone_zh
    incentives.Programme: contact exception_basis fair_competition_reference legal_basis slug summary_en summary_zh
    incentives.Programme: telephone text_en text_zh title_en title_zh
    incentives.ProgrammeVersion: content sha256
    incentives.Publication: sha256
    incentives.Question: help_en help_zh label_en label_zh slug
    incentives.Recommendation: conditions reasons terms_hash
    incentives.Review: comment scores
    incentives.ReviewAssignment: conflict_reason ended_reason
    incentives.ReviewDraft: comment scores
    incentives.Round: slug title_en title_zh
    incentives.RubricItem: slug title_en title_zh
    incentives.Screening: checklist credit_source
    incentives.Section: slug title_en title_zh
    incentives.SectionAnswers: section
    incentives.SectionPresence: section
    incentives.Snapshot: sha256
    incentives.TableColumn: label_en label_zh slug
    incentives.WantedDocument: slug title_en title_zh
    investors.Absence: reason
    investors.Agreement: last_error
    investors.Announcement: last_error
    investors.AnswerTemplate: name text_en text_zh
    investors.Brochure: last_error
    investors.BrochureEnd: last_error
    investors.Commitment: reference
    investors.Complaint: reference
    investors.ConfidentialityText: sha256 text_en text_zh
    investors.DataRoomDocument: title_en title_zh
    investors.DataRoomView: request sha256
    investors.Inquiry: reference
    investors.InquiryTopic: telephone
    investors.Interest: reference
    investors.InterestAcceptance: text_sha256
    investors.MatchNews: last_error
    investors.MatchOrder: last_error
    investors.MatchRound: last_error
    investors.Officer: telephone
    investors.Opportunity: confidential_en confidential_zh export_licence_number object_number park_en park_zh
    investors.Opportunity: process_en process_zh slug summary_en summary_zh systems_en systems_zh text_en text_zh
    investors.Opportunity: title_en title_zh trl_evidence_en trl_evidence_zh use_en use_zh
    investors.OpportunityEntry: body kind title
    investors.OpportunityPhoto: caption_en caption_zh
    investors.OpportunityTotal: kind value
    investors.PublishedVersion: content
    investors.Rerouting: last_error
    investors.SearchDigest: last_error
    investors.ShortlistItem: title_en title_zh
    investors.UnconfirmedInquiry: last_error
    portal.CalendarYear: source
    portal.Consent: purpose version
    portal.Deadline: last_error step while_status
    portal.Document: file last_error media_type purpose scanned_by sha256
    portal.Erasure: erased last_error purpose
    portal.Heartbeat: name
    portal.HistoryEntry: operation request subject_id subject_table
    portal.Holiday: name
    portal.Notice: event kind last_error
    portal.Recount: last_error
    portal.RecountItem: last_error moved
    portal.Seal: ids
    portal.StepTaken: source step target
""")
"""Names nobody: words of organisations, of the office and of the portal; numbers, digests, addresses on the site."""

DECISIONS = (TOLD_AND_ERASED, ERASED, TOLD_AND_KEPT, NUMBER, STAFF, KEPT_WORDS, NOBODY)
