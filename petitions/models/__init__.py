"""The nouns: every table, and facts about one row. Verbs live in the features."""

from petitions.models.counts import CountryCount, HourCount, PlaceCount
from petitions.models.department import Department
from petitions.models.duty import Duty, DutyExtension, DutyPause
from petitions.models.history import AuditEntry, AuditHead
from petitions.models.limits import DomainStanding, MailCap, MailDomain, OriginCount, Suppression
from petitions.models.mail import CapturedMail, Mail, Mailing, MailServer
from petitions.models.petition import Petition, PetitionText, petition_departments, petition_topics
from petitions.models.place import Place, Postcode
from petitions.models.rejection import Rejection, RejectionReason
from petitions.models.response import Debate, OtherBusiness, Outcome, Response, ResponseVersion
from petitions.models.scrutiny import Campaign, CampaignAction, CampaignSignature, CampaignState, Correction
from petitions.models.signature import Signature, SignatureRole, SignatureState
from petitions.models.staff import Staff, StaffRole, StaffSession
from petitions.models.threshold import DEBATE, RESPONSE, Crossing, PetitionThreshold
from petitions.models.topic import Topic
from petitions.models.work import PeriodicTask

__all__ = [
    "DEBATE",
    "RESPONSE",
    "AuditEntry",
    "AuditHead",
    "Campaign",
    "CampaignAction",
    "CampaignSignature",
    "CampaignState",
    "CapturedMail",
    "Correction",
    "CountryCount",
    "Crossing",
    "Debate",
    "Department",
    "DomainStanding",
    "Duty",
    "DutyExtension",
    "DutyPause",
    "HourCount",
    "Mail",
    "MailCap",
    "MailDomain",
    "MailServer",
    "Mailing",
    "OriginCount",
    "OtherBusiness",
    "Outcome",
    "PeriodicTask",
    "Petition",
    "PetitionText",
    "PetitionThreshold",
    "Place",
    "PlaceCount",
    "Postcode",
    "Rejection",
    "RejectionReason",
    "Response",
    "ResponseVersion",
    "Signature",
    "SignatureRole",
    "SignatureState",
    "Staff",
    "StaffRole",
    "StaffSession",
    "Suppression",
    "Topic",
    "petition_departments",
    "petition_topics",
]
